package io.scwatcher.vfs;

/** A file-system operation failed with an error number. Ordinary, so it carries no stack trace. */
public final class VfsException extends RuntimeException {
    private final Errno errno;

    public VfsException(Errno errno) {
        super(errno.name(), null, false, false);
        this.errno = errno;
    }

    public Errno errno() {
        return errno;
    }
}
