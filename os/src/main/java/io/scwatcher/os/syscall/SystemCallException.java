package io.scwatcher.os.syscall;

import io.scwatcher.os.abi.Errno;

/** Ends a system call with an error number, from deep inside. Ordinary: one preallocated instance for each number, without stack trace. */
public final class SystemCallException extends RuntimeException {
    private static final SystemCallException[] ALL = new SystemCallException[Errno.ERESTART_RESTARTBLOCK + 1];

    static {
        for (int i = 1; i < ALL.length; i++) {
            ALL[i] = new SystemCallException(i);
        }
    }

    private final int errno;

    private SystemCallException(int errno) {
        super(Errno.name(errno), null, false, false);
        this.errno = errno;
    }

    /**
     * @param errno positive, of {@link Errno}
     */
    public static SystemCallException of(int errno) {
        return ALL[errno];
    }

    public int errno() {
        return errno;
    }
}
