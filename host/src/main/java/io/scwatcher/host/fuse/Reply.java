package io.scwatcher.host.fuse;

import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.Directory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A reply while it is being written: {@code struct fuse_out_header} and a body. One for each worker, used again for each
 * request.
 */
final class Reply {
    private static final long NANOS = 1_000_000_000L;

    private byte[] array = new byte[8192];
    private ByteBuffer bytes = ByteBuffer.wrap(array).order(ByteOrder.nativeOrder());
    private boolean wanted;

    /** Starts a reply to a request, empty and successful. */
    void begin(long unique) {
        wanted = true;
        bytes.clear().position(Protocol.OUT_HEADER);
        bytes.putInt(4, 0).putLong(8, unique);
    }

    /** The request takes no reply. */
    void none() {
        wanted = false;
    }

    /** Whether there is anything to send. */
    boolean isWanted() {
        return wanted;
    }

    /** Drops what was written and fails the request. */
    void error(int errno) {
        bytes.position(Protocol.OUT_HEADER);
        bytes.putInt(4, -errno);
    }

    /** The finished reply, from position 0 to its limit. */
    ByteBuffer finish() {
        bytes.putInt(0, bytes.position());
        return bytes.flip();
    }

    /** {@code struct fuse_init_out}. */
    void init(int minor, int maxReadahead, int flags) {
        reserve(64);
        bytes.putInt(Protocol.MAJOR).putInt(minor).putInt(maxReadahead).putInt(flags);
        bytes.putShort((short) 64).putShort((short) 48);
        bytes.putInt(Protocol.MAX_WRITE).putInt(1).putShort((short) Protocol.MAX_PAGES).putShort((short) 0);
        zeros(32);
    }

    /** {@code struct fuse_entry_out}. */
    void entry(long nodeId, Attributes attributes, long validNanos) {
        reserve(40 + Protocol.ATTRIBUTES);
        bytes.putLong(nodeId).putLong(0);
        bytes.putLong(validNanos / NANOS).putLong(validNanos / NANOS);
        bytes.putInt((int) (validNanos % NANOS)).putInt((int) (validNanos % NANOS));
        attributes(attributes);
    }

    /** {@code struct fuse_attr_out}. */
    void attributes(Attributes attributes, long validNanos) {
        reserve(16 + Protocol.ATTRIBUTES);
        bytes.putLong(validNanos / NANOS).putInt((int) (validNanos % NANOS)).putInt(0);
        attributes(attributes);
    }

    /** {@code struct fuse_open_out}. */
    void open(long handle, int flags) {
        reserve(16);
        bytes.putLong(handle).putInt(flags).putInt(0);
    }

    /** {@code struct fuse_statfs_out}: an empty file system, as statfs(2) of the real /proc tells. */
    void statfs() {
        reserve(80);
        zeros(40);
        bytes.putInt(4096).putInt(Protocol.LONGEST_NAME).putInt(4096);
        zeros(28);
    }

    /**
     * Adds a {@code struct fuse_dirent} if it still fits.
     *
     * @param room bytes that the kernel wants at most, for all entries
     * @param next the offset at which to go on behind this entry
     */
    boolean directoryEntry(Directory.Entry entry, long next, int room) {
        byte[] name = entry.name().getBytes(StandardCharsets.ISO_8859_1);
        int size = Protocol.DIRENT + name.length;
        int padded = (size + 7) & ~7;
        if (bytes.position() - Protocol.OUT_HEADER + padded > room) {
            return false;
        }
        reserve(padded);
        bytes.putLong(entry.inode()).putLong(next).putInt(name.length).putInt(entry.type().direntType()).put(name);
        zeros(padded - size);
        return true;
    }

    /** Bytes as they are. */
    void put(byte[] data) {
        reserve(data.length);
        bytes.put(data);
    }

    /** Lets a reader fill up to {@code length} bytes in place. */
    void fill(int length, Filler filler) {
        reserve(length);
        int count = filler.read(array, bytes.position(), length);
        bytes.position(bytes.position() + Math.clamp(count, 0, length));
    }

    /** Reads into an array; returns the number of bytes. */
    interface Filler {
        int read(byte[] destination, int offset, int length);
    }

    private void attributes(Attributes of) {
        long seconds = Math.floorDiv(of.mtimeNanos(), NANOS);
        int nanos = (int) Math.floorMod(of.mtimeNanos(), NANOS);
        bytes.putLong(of.inode()).putLong(of.size()).putLong((of.size() + 511) / 512);
        bytes.putLong(seconds).putLong(seconds).putLong(seconds).putInt(nanos).putInt(nanos).putInt(nanos);
        bytes.putInt(of.mode()).putInt(of.links()).putInt(of.uid()).putInt(of.gid());
        bytes.putInt((int) of.deviceNumber()).putInt(1024).putInt(0);
    }

    private void zeros(int count) {
        for (int i = 0; i < count; i++) {
            bytes.put((byte) 0);
        }
    }

    private void reserve(int more) {
        int needed = bytes.position() + more;
        if (needed > array.length) {
            byte[] larger = new byte[Math.max(needed, array.length * 2)];
            System.arraycopy(array, 0, larger, 0, bytes.position());
            int position = bytes.position();
            array = larger;
            bytes = ByteBuffer.wrap(array).order(ByteOrder.nativeOrder()).position(position);
        }
    }
}
