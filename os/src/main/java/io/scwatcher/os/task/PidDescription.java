package io.scwatcher.os.task;

import io.scwatcher.os.fs.FileDescription;
import io.scwatcher.os.fs.FileStatus;
import io.scwatcher.os.fs.Location;
import io.scwatcher.os.fs.OpenFlags;
import io.scwatcher.os.fs.PollEvents;
import io.scwatcher.os.wait.WaitQueue;

/** pidfd_open(2): a descriptor that stands for a process and becomes readable with its end. */
public final class PidDescription extends FileDescription {
    private final ThreadGroup group;

    PidDescription(ThreadGroup group, int flags) {
        super(null, OpenFlags.O_RDWR | flags);
        this.group = group;
    }

    public ThreadGroup group() {
        return group;
    }

    @Override
    public int poll() {
        return group.zombie() ? PollEvents.POLLIN | PollEvents.POLLRDNORM : 0;
    }

    @Override
    public WaitQueue waitQueue() {
        return group.changed();
    }

    @Override
    public FileStatus status() {
        return new FileStatus(15, group.id(), 0600, 1, 0, 0, 0, 0, 4096, 0, 0, 0, 0, 0);
    }

    @Override
    public String linkText(Location root) {
        return "anon_inode:[pidfd]";
    }
}
