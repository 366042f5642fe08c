package io.scwatcher.os.fs.poll;

import io.scwatcher.os.fs.AnonymousInodes;
import io.scwatcher.os.fs.FileDescription;
import io.scwatcher.os.fs.FileStatus;
import io.scwatcher.os.fs.Location;
import io.scwatcher.os.wait.WaitQueue;

/** What all open files on the anonymous inode have in common: eventfd, signalfd, timerfd, inotify, epoll. */
abstract class AnonymousDescription extends FileDescription {
    private final String name;
    final WaitQueue queue = new WaitQueue();

    /** @param name as in /proc/self/fd: {@code [eventfd]} */
    AnonymousDescription(String name, int flags) {
        super(null, flags);
        this.name = name;
    }

    @Override
    public WaitQueue waitQueue() {
        return queue;
    }

    @Override
    public FileStatus status() {
        return AnonymousInodes.anonymous();
    }

    @Override
    public String linkText(Location root) {
        return "anon_inode:" + name;
    }
}
