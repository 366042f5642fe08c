package io.scwatcher.host.posix;

import java.io.IOException;

/** A system call failed. */
public final class PosixException extends IOException {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int EINTR = 4;
    public static final int EIO = 5;
    public static final int EAGAIN = 11;
    public static final int EACCES = 13;
    public static final int EBUSY = 16;
    public static final int ENODEV = 19;
    public static final int EINVAL = 22;
    public static final int ENOTCONN = 107;
    public static final int ECONNABORTED = 103;

    private final int errno;

    PosixException(String what, int errno) {
        super(what + ": " + Libc.message(errno));
        this.errno = errno;
    }

    public int errno() {
        return errno;
    }
}
