package io.scwatcher.os.fs.tmpfs;

import io.scwatcher.cpu.memory.Backing;
import io.scwatcher.os.fs.FileDescription;
import io.scwatcher.os.fs.FileStatus;
import io.scwatcher.os.fs.Inode;
import io.scwatcher.os.fs.InodeWatch;
import io.scwatcher.os.fs.Location;
import io.scwatcher.os.fs.SeekableDescription;

/** An open {@link TmpfsFile}. */
final class OpenTmpfsFile extends SeekableDescription {
    private final TmpfsFile file;
    private final String name;

    OpenTmpfsFile(TmpfsFile file, Location at, int flags) {
        this(file, at, null, flags);
    }

    OpenTmpfsFile(TmpfsFile file, String name, int flags) {
        this(file, null, name, flags);
    }

    private OpenTmpfsFile(TmpfsFile file, Location at, String name, int flags) {
        super(at, flags);
        if (writable()) {
            file.countWriter(1);
        }
        this.file = file;
        this.name = name;
        file.opened();
        happened(InodeWatch.OPEN);
    }

    /** Tells who watches the directory in which it was opened, then who watches the file. */
    private void happened(int event) {
        if (location() != null && !location().dentry().unlinked()) {
            location().dentry().parent().inode().happened(event, 0, location().dentry().name(), false);
        }
        file.happened(event, 0, null, false);
    }

    @Override
    protected void closed() {
        happened(writable() ? InodeWatch.CLOSE_WRITE : InodeWatch.CLOSE_NOWRITE);
        if (writable()) {
            file.countWriter(-1);
        }
        file.closed();
    }

    @Override
    public int readAt(long position, byte[] to, int offset, int length) {
        int count = file.read(position, to, offset, length);
        if (count > 0) {
            happened(InodeWatch.ACCESS);
        }
        return count;
    }

    @Override
    public int writeAt(long position, byte[] from, int offset, int length) {
        return written(file.write(TmpfsFile.appends(flags()) ? -1 : position, from, offset, length));
    }

    @Override
    public int write(byte[] from, int offset, int length) {
        if (!TmpfsFile.appends(flags())) {
            return super.write(from, offset, length);
        }
        synchronized (positionLock()) {
            int done;
            synchronized (file) {
                done = file.write(-1, from, offset, length);
                position(file.size());
            }
            return written(done);
        }
    }

    private int written(int count) {
        if (count > 0) {
            happened(InodeWatch.MODIFY);
        }
        return count;
    }

    @Override
    protected long end() {
        return file.status().size();
    }

    @Override
    protected long seekData(long position, boolean data) {
        return file.seek(position, data);
    }

    @Override
    public FileStatus status() {
        return file.status();
    }

    @Override
    public Inode inode() {
        return file;
    }

    @Override
    public FileDescription reopen(int newFlags) {
        return new OpenTmpfsFile(file, location(), name, newFlags);
    }

    @Override
    public void truncate(long size) {
        file.truncate(size);
        happened(InodeWatch.MODIFY);
    }

    @Override
    public void allocate(int mode, long position, long length) {
        file.allocate(mode, position, length);
    }

    @Override
    public int seals() {
        return file.seals();
    }

    @Override
    public void addSeals(int seals) {
        file.addSeals(seals);
    }

    @Override
    public Backing backing(boolean sharedWritable) {
        return file.backing(sharedWritable);
    }

    @Override
    public String linkText(Location root) {
        return name == null ? super.linkText(root) : "/" + name + " (deleted)";
    }
}
