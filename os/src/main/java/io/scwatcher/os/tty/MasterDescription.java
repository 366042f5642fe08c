package io.scwatcher.os.tty;

import io.scwatcher.os.fs.FileDescription;
import io.scwatcher.os.fs.FileStatus;
import io.scwatcher.os.fs.Location;
import io.scwatcher.os.task.Task;
import io.scwatcher.os.wait.WaitQueue;

/** The side of a terminal that types and watches: what opening /dev/ptmx gives. */
final class MasterDescription extends FileDescription {
    private final Terminal terminal;

    MasterDescription(Terminal terminal, Location at, int flags) {
        super(at, flags);
        this.terminal = terminal;
    }

    @Override
    public int read(byte[] to, int offset, int length) {
        return terminal.watch(to, offset, length);
    }

    @Override
    public int write(byte[] from, int offset, int length) {
        return terminal.type(from, offset, length);
    }

    @Override
    public int poll() {
        return terminal.pollMaster();
    }

    @Override
    public WaitQueue waitQueue() {
        return terminal.masterQueue();
    }

    @Override
    public long ioctl(Task task, int request, long argument) {
        return TerminalRequests.ioctl(task, terminal, true, request, argument);
    }

    @Override
    public FileStatus status() {
        return location().inode().status();
    }

    @Override
    protected void closed() {
        terminal.hangUp();
    }
}
