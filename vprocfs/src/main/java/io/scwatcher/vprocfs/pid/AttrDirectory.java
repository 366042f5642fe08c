package io.scwatcher.vprocfs.pid;

import io.scwatcher.kernel.task.SecurityLabel;
import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.Directory;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.FileType;
import io.scwatcher.vfs.Node;
import io.scwatcher.vfs.VfsException;
import io.scwatcher.vprocfs.ProcText;
import java.util.ArrayList;
import java.util.List;

/**
 * /proc/PID/attr and its directories for single security modules: fs/proc/base.c {@code proc_pid_attr_read}.
 *
 * @param table the kernel's table of its entries
 */
record AttrDirectory(TaskView task, Attributes attributes, String table) implements Directory {
    @Override
    public Node lookup(String name) {
        PidEntry.Table entries = PidEntry.table(task.view(), table);
        int position = entries.position(name);
        return position < 0 ? null : node(entries.entries().get(position), inode(position));
    }

    @Override
    public List<Entry> list() {
        List<Entry> entries = new ArrayList<>();
        for (PidEntry entry : PidEntry.table(task.view(), table).entries()) {
            entries.add(new Entry(entry.name(), inode(entries.size()), entry.type()));
        }
        return entries;
    }

    private Node node(PidEntry entry, long inode) {
        Ownership owner = Ownership.of(task.task(), entry.mode());
        boolean directory = entry.type() == FileType.DIRECTORY;
        Attributes own = task.view().attributes(entry.mode(), inode, directory ? 2 : 1, owner.uid(), owner.gid(), 0);
        return directory ? new AttrDirectory(task, own, entry.name() + "_attr_dir_stuff")
                : task.view().file(task.task().tid() + "/attr/" + entry.name(), own, out -> print(entry.name(), out));
    }

    /** {@code security_getprocattr}: EINVAL where no module has such a label. */
    private void print(String name, ProcText out) {
        task.requireAlive();
        String label = SecurityLabel.of(task.task(), name);
        if (label == null) {
            throw new VfsException(Errno.EINVAL);
        }
        out.put(label).put('\n');
    }

    private long inode(int index) {
        return attributes.inode() + (index + 1L << 12);
    }
}
