package io.scwatcher.os.tty;

import io.scwatcher.os.fs.FileDescription;
import io.scwatcher.os.fs.FileStatus;
import io.scwatcher.os.fs.Location;
import io.scwatcher.os.task.Task;
import io.scwatcher.os.wait.WaitQueue;

/** The side of a terminal that programs have as their standard streams. */
final class SlaveDescription extends FileDescription {
    private final Terminal terminal;

    /** @param at its name, or null if it was opened by its master */
    SlaveDescription(Terminal terminal, Location at, int flags) {
        super(at, flags);
        this.terminal = terminal;
        terminal.slaveOpened();
    }

    Terminal terminal() {
        return terminal;
    }

    @Override
    public int beforeTransfer(Task task, boolean writing) {
        return writing ? JobControl.checkWrite(task, terminal) : JobControl.checkRead(task, terminal);
    }

    @Override
    public int read(byte[] to, int offset, int length) {
        return terminal.read(to, offset, length);
    }

    @Override
    public int write(byte[] from, int offset, int length) {
        return terminal.write(from, offset, length);
    }

    @Override
    public int poll() {
        return terminal.pollSlave();
    }

    @Override
    public WaitQueue waitQueue() {
        return terminal.slaveQueue();
    }

    @Override
    public long ioctl(Task task, int request, long argument) {
        return TerminalRequests.ioctl(task, terminal, false, request, argument);
    }

    @Override
    public FileDescription reopen(int newFlags) {
        return new SlaveDescription(terminal, null, newFlags);
    }

    @Override
    public FileStatus status() {
        return location() != null ? location().inode().status() : PtsFileSystem.status(terminal);
    }

    @Override
    public String linkText(Location root) {
        return location() != null ? super.linkText(root) : "/dev/pts/" + terminal.number();
    }

    @Override
    protected void closed() {
        terminal.slaveClosed();
    }
}
