package io.scwatcher.os.fs;

/** Events of poll(2) and epoll(7) (include/uapi/asm-generic/poll.h, include/uapi/linux/eventpoll.h). */
public final class PollEvents {
    public static final int POLLIN = 0x1, POLLPRI = 0x2, POLLOUT = 0x4, POLLERR = 0x8, POLLHUP = 0x10, POLLNVAL = 0x20, POLLRDNORM = 0x40,
            POLLRDBAND = 0x80, POLLWRNORM = 0x100, POLLWRBAND = 0x200, POLLMSG = 0x400, POLLRDHUP = 0x2000;
    /** What is always ready to be read and written: regular files. */
    public static final int ALWAYS = POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM;
    public static final int READABLE = POLLIN | POLLRDNORM;
    public static final int WRITABLE = POLLOUT | POLLWRNORM;

    private PollEvents() {}
}
