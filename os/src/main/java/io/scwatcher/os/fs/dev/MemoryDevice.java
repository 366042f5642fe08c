package io.scwatcher.os.fs.dev;

import io.scwatcher.cpu.memory.Backing;
import io.scwatcher.cpu.memory.Frame;
import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.fs.FileDescription;
import io.scwatcher.os.fs.FileStatus;
import io.scwatcher.os.fs.Location;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;

/** The devices of drivers/char/mem.c and random.c: /dev/null, zero, full, random, urandom. */
final class MemoryDevice extends FileDescription {
    static final int NULL = 3, ZERO = 5, FULL = 7, RANDOM = 8, URANDOM = 9;
    private static final SecureRandom SOURCE = new SecureRandom();
    private static final Frame ZEROS = new Frame();

    private final int minor;

    MemoryDevice(int minor, Location at, int flags) {
        super(at, flags);
        this.minor = minor;
    }

    @Override
    public int read(byte[] to, int offset, int length) {
        switch (minor) {
            case NULL -> {
                return 0;
            }
            case RANDOM, URANDOM -> {
                byte[] bytes = new byte[length];
                SOURCE.nextBytes(bytes);
                System.arraycopy(bytes, 0, to, offset, length);
            }
            default -> Arrays.fill(to, offset, offset + length, (byte) 0);
        }
        return length;
    }

    @Override
    public int write(byte[] from, int offset, int length) {
        return minor == FULL ? -Errno.ENOSPC : length;
    }

    @Override
    public int readAt(long position, byte[] to, int offset, int length) {
        return read(to, offset, length);
    }

    @Override
    public int writeAt(long position, byte[] from, int offset, int length) {
        return write(from, offset, length);
    }

    @Override
    public boolean seekable() {
        return true;
    }

    @Override
    public long seek(long offset, int whence) {
        return whence > 2 ? -Errno.EINVAL : 0;
    }

    @Override
    public FileStatus status() {
        return location().inode().status();
    }

    @Override
    public Backing backing(boolean sharedWritable) {
        if (minor != ZERO) {
            return super.backing(sharedWritable);
        }
        ConcurrentHashMap<Long, Frame> frames = new ConcurrentHashMap<>();
        return sharedWritable ? index -> frames.computeIfAbsent(index, _ -> new Frame()) : _ -> ZEROS;
    }
}
