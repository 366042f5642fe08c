package io.scwatcher.os.fs.call;

import io.scwatcher.cpu.memory.AddressSpace;
import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.mm.UserMemory;
import io.scwatcher.os.syscall.SystemCallException;

/** The pieces of a program's memory that one transfer goes through, in order (struct iov_iter). For one thread. */
public final class IoVectors {
    /** UIO_MAXIOV. */
    public static final int MAXIMUM = 1024;
    /** MAX_RW_COUNT: what one system call transfers at most. */
    public static final int MAX_BYTES = 0x7fff_f000;

    private final UserMemory memory;
    private final long[] addresses;
    private final long[] lengths;
    private int index;
    private long done;
    private long left;

    private IoVectors(UserMemory memory, long[] addresses, long[] lengths) {
        this.memory = memory;
        this.addresses = addresses;
        this.lengths = lengths;
        long total = 0;
        for (int i = 0; i < lengths.length; i++) {
            if (lengths[i] < 0) {
                throw SystemCallException.of(Errno.EINVAL);
            }
            lengths[i] = Math.min(lengths[i], MAX_BYTES - total);
            total += lengths[i];
            if (lengths[i] > 0 && (addresses[i] < 0 || addresses[i] > AddressSpace.MAX - lengths[i])) {
                throw SystemCallException.of(Errno.EFAULT);
            }
        }
        left = total;
    }

    /** One piece, of which {@value #MAX_BYTES} bytes at most are used. @throws SystemCallException EFAULT for lengths that no address space has */
    public static IoVectors of(UserMemory memory, long address, long length) {
        if (length < 0) {
            throw SystemCallException.of(Errno.EFAULT);
        }
        return new IoVectors(memory, new long[] {address}, new long[] {length});
    }

    /**
     * An array of {@code struct iovec}.
     *
     * @throws SystemCallException EINVAL, EFAULT
     */
    public static IoVectors read(UserMemory memory, long array, long count) {
        if (count < 0 || count > MAXIMUM) {
            throw SystemCallException.of(Errno.EINVAL);
        }
        byte[] raw = memory.copyIn(array, (int) count * 16);
        long[] addresses = new long[(int) count];
        long[] lengths = new long[(int) count];
        for (int i = 0; i < count; i++) {
            addresses[i] = Layouts.get64(raw, i * 16);
            lengths[i] = Layouts.get64(raw, i * 16 + 8);
        }
        return new IoVectors(memory, addresses, lengths);
    }

    /** Bytes that were not yet transferred. */
    public long left() {
        return left;
    }

    /** Whether the next byte can be written to. */
    public boolean writable() {
        skipEmpty();
        return index == addresses.length || memory.space().writable(addresses[index] + done) != null;
    }

    private void skipEmpty() {
        while (index < addresses.length && done == lengths[index]) {
            index++;
            done = 0;
        }
    }

    /** To the program. @return bytes copied: fewer than {@code length} if memory ends before */
    public int put(byte[] from, int offset, int length) {
        return move(from, offset, length, true);
    }

    /** From the program. @return likewise */
    public int take(byte[] to, int offset, int length) {
        return move(to, offset, length, false);
    }

    private int move(byte[] bytes, int offset, int length, boolean out) {
        int moved = 0;
        while (moved < length) {
            skipEmpty();
            if (index == addresses.length) {
                break;
            }
            int piece = (int) Math.min(length - moved, lengths[index] - done);
            long address = addresses[index] + done;
            int count = out ? memory.tryCopyOut(address, bytes, offset + moved, piece) : memory.tryCopyIn(address, bytes, offset + moved, piece);
            moved += count;
            done += count;
            left -= count;
            if (count < piece) {
                break;
            }
        }
        return moved;
    }
}
