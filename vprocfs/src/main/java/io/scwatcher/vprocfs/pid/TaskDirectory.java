package io.scwatcher.vprocfs.pid;

import io.scwatcher.kernel.task.Task;
import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.Directory;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.FileType;
import io.scwatcher.vfs.Node;
import io.scwatcher.vprocfs.ProcView;
import io.scwatcher.vprocfs.UnreadableFile;
import java.util.ArrayList;
import java.util.List;

/** /proc/PID and /proc/PID/task/TID (fs/proc/base.c {@code proc_pident_readdir}, {@code proc_pident_lookup}). */
public final class TaskDirectory implements Directory {
    private static final int BITS_FOR_ENTRIES = 24;

    private final TaskView task;
    private final PidEntry.Table table;
    private Ownership ofFiles;

    private TaskDirectory(TaskView task) {
        this.task = task;
        this.table = PidEntry.table(task.view(), task.whole() ? "tgid_base_stuff" : "tid_base_stuff");
    }

    /** /proc/PID of a process, or of any thread: the kernel looks up both. */
    public static TaskDirectory process(ProcView view, Task task) {
        return new TaskDirectory(new TaskView(view, task, true));
    }

    /** /proc/PID/task/TID. */
    static TaskDirectory thread(ProcView view, Task task) {
        return new TaskDirectory(new TaskView(view, task, false));
    }

    /** The kernel numbers these inodes as they are looked up; ours last as long as the task. */
    public static long inode(Task task, boolean whole) {
        return (whole ? 1L : 2L) << 48 | (long) task.tid() << BITS_FOR_ENTRIES;
    }

    @Override
    public Attributes attributes() {
        Ownership owner = Ownership.of(task.task(), Ownership.WORLD_READABLE_DIRECTORY);
        return task.view().attributes(Ownership.WORLD_READABLE_DIRECTORY, inode(task.task(), task.whole()),
                PidEntry.links(table), owner.uid(), owner.gid(), 0);
    }

    @Override
    public Node lookup(String name) {
        int position = table.position(name);
        return position < 0 ? null
                : node(table.entries().get(position), inode(task.task(), task.whole()) + position + 1);
    }

    @Override
    public List<Entry> list() {
        List<Entry> entries = new ArrayList<>();
        long inode = inode(task.task(), task.whole());
        for (PidEntry entry : table.entries()) {
            entries.add(new Entry(entry.name(), ++inode, entry.type()));
        }
        return entries;
    }

    private Node node(PidEntry entry, long inode) {
        Ownership owner = owner(entry.mode());
        int links = entry.type() == FileType.DIRECTORY ? 2 : 1;
        Attributes attributes = task.view().attributes(entry.mode(), inode, links, owner.uid(), owner.gid(), 0);
        Node node = switch (entry.type()) {
            case DIRECTORY -> TaskDirectories.node(task, entry.name(), attributes);
            case SYMBOLIC_LINK -> TaskLinks.node(task, entry.name(), attributes);
            default -> file(entry.name(), attributes);
        };
        return node != null ? node : new UnreadableFile(attributes, Errno.EOPNOTSUPP);
    }

    /** Of files it is the same for all modes. */
    private Ownership owner(int mode) {
        if (mode == Ownership.WORLD_READABLE_DIRECTORY) {
            return Ownership.of(task.task(), mode);
        }
        Ownership known = ofFiles;
        if (known == null) {
            known = Ownership.of(task.task(), mode);
            ofFiles = known;
        }
        return known;
    }

    private Node file(String name, Attributes attributes) {
        if (name.equals("clear_refs")) {
            return new UnreadableFile(attributes, Errno.EINVAL);
        }
        if (name.equals("mem")) {
            return new MemoryFiles.Mem(task, attributes);
        }
        if (name.equals("pagemap")) {
            return new MemoryFiles.PageMap(task, attributes);
        }
        TaskFile printer = TaskFiles.find(name);
        return printer == null ? null
                : task.view().file(path(name), attributes, out -> printer.print(task, out));
    }

    private String path(String name) {
        int tid = task.task().tid();
        return (task.whole() ? tid + "/" : task.task().tgid() + "/task/" + tid + "/") + name;
    }
}
