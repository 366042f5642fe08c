package io.scwatcher.vprocfs.pid;

import io.scwatcher.kernel.fs.FileTable;
import io.scwatcher.kernel.fs.OpenFile;
import io.scwatcher.kernel.fs.Paths;
import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.Directory;
import io.scwatcher.vfs.FileType;
import io.scwatcher.vfs.Node;
import io.scwatcher.vprocfs.ObjectLink;
import java.util.ArrayList;
import java.util.List;

/**
 * /proc/PID/fd and /proc/PID/fdinfo: fs/proc/fd.c.
 *
 * @param own attributes of the directory itself
 * @param info whether it is fdinfo
 */
record FdDirectory(TaskView task, Attributes own, boolean info) implements Directory {
    private static final int LINK_SIZE = 64;
    private static final int BITS_FOR_DESCRIPTORS = 30;

    @Override
    public Attributes attributes() {
        if (info || !task.kernel().symbols().has("proc_fd_getattr")) {
            return own;
        }
        // Since 6.2 the size tells how many files are open.
        FileTable table = FileTable.of(task.task());
        int count = table == null ? 0 : table.count();
        return new Attributes(own.type(), own.permissions(), own.inode(), own.links(), own.uid(), own.gid(), count,
                own.deviceNumber(), own.mtimeNanos());
    }

    @Override
    public Node lookup(String name) {
        int number = Numbers.parse(name);
        FileTable table = number < 0 ? null : FileTable.of(task.task());
        OpenFile file = table == null ? null : table.find(number);
        return file == null ? null : info ? infoFile(table, number, file) : link(number, file);
    }

    @Override
    public List<Entry> list() {
        List<Entry> entries = new ArrayList<>();
        FileTable table = FileTable.of(task.task());
        if (table != null) {
            FileType type = info ? FileType.REGULAR : FileType.SYMBOLIC_LINK;
            for (FileTable.Descriptor descriptor : table.descriptors()) {
                entries.add(new Entry(Integer.toString(descriptor.number()), inode(descriptor.number()), type));
            }
        }
        return entries;
    }

    private Node link(int number, OpenFile file) {
        int mode = FileType.SYMBOLIC_LINK.modeBits()
                | ((file.mode() & OpenFile.FMODE_READ) != 0 ? 0500 : 0)
                | ((file.mode() & OpenFile.FMODE_WRITE) != 0 ? 0300 : 0);
        return ObjectLink.toFile(attributes(mode, number, LINK_SIZE), () -> Paths.of(file.path(), task.root()), file::inode);
    }

    private Node infoFile(FileTable table, int number, OpenFile file) {
        // 5.14 opened both the directory and its files to everybody who may trace the task, and added a line.
        boolean open = (own.permissions() & 0044) != 0;
        int mode = FileType.REGULAR.modeBits() | (open ? 0444 : 0400);
        return task.view().file(task.task().tid() + "/fdinfo/" + number, attributes(mode, number, 0),
                out -> new FdInfo(task, table, number, file, open).print(out));
    }

    private Attributes attributes(int mode, int number, int size) {
        Ownership owner = Ownership.of(task.task(), 0);
        return task.view().attributes(mode, inode(number), 1, owner.uid(), owner.gid(), size);
    }

    private long inode(int number) {
        return own.inode() | 1L << 62 | (long) number << BITS_FOR_DESCRIPTORS;
    }
}
