package io.scwatcher.vfs;

/** Error numbers of Linux on x86-64 and arm64 (include/uapi/asm-generic/errno-base.h and errno.h). */
public enum Errno {
    EPERM(1), ENOENT(2), ESRCH(3), EINTR(4), EIO(5), EBADF(9), EAGAIN(11), ENOMEM(12), EACCES(13), EFAULT(14),
    EBUSY(16), EEXIST(17), EXDEV(18), ENODEV(19), ENOTDIR(20), EISDIR(21), EINVAL(22), ENFILE(23), EFBIG(27), ENOSPC(28),
    ESPIPE(29), EROFS(30), ENAMETOOLONG(36), ENOSYS(38), ENOTEMPTY(39), ELOOP(40), ENODATA(61), EOVERFLOW(75),
    EOPNOTSUPP(95), ENOTCONN(107), ESTALE(116);

    private final int number;

    Errno(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }
}
