package io.scwatcher.os.fs;

import java.util.concurrent.atomic.AtomicLong;

/** Inode numbers and attributes of what is in no tree: pipes, sockets, eventfd and their like. */
public final class AnonymousInodes {
    /** {@code st_dev} of anon_inodefs, of pipefs and of sockfs. */
    public static final long ANON_DEVICE = DeviceNumber.of(0, 14), PIPE_DEVICE = DeviceNumber.of(0, 13), SOCKET_DEVICE = DeviceNumber.of(0, 8);

    private static final AtomicLong NEXT = new AtomicLong(10_000);

    private AnonymousInodes() {}

    public static long next() {
        return NEXT.getAndIncrement();
    }

    /** What fstat(2) tells of such an object. @param mode with type @param time of its making, nanoseconds since the epoch */
    public static FileStatus status(long device, long inode, int mode, int uid, int gid, long time) {
        return new FileStatus(device, inode, mode, 1, uid, gid, 0, 0, 4096, 0, time, time, time, time);
    }

    /** The shared inode of eventfd, epoll and their like: mode 0600 without a type. */
    public static FileStatus anonymous() {
        return new FileStatus(ANON_DEVICE, 1, 0600, 1, 0, 0, 0, 0, 4096, 0, 0, 0, 0, 0);
    }
}
