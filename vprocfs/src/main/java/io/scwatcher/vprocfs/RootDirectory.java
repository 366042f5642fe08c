package io.scwatcher.vprocfs;

import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.fs.ProcDirEntry;
import io.scwatcher.kernel.task.PidType;
import io.scwatcher.kernel.task.Task;
import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.Directory;
import io.scwatcher.vfs.FileType;
import io.scwatcher.vfs.Node;
import io.scwatcher.vprocfs.pid.Numbers;
import io.scwatcher.vprocfs.pid.TaskDirectory;
import java.util.ArrayList;
import java.util.List;

/**
 * /proc itself: what was registered, then {@code self}, then the processes (fs/proc/root.c {@code proc_root_readdir},
 * fs/proc/base.c {@code proc_pid_readdir}).
 */
final class RootDirectory implements Directory {
    private static final int PROC_ROOT_INO = 1;

    private final ProcView view;
    private volatile Directory registered;

    RootDirectory(ProcView view) {
        this.view = view;
    }

    /** Found when it is first needed: a process is found without it. */
    private Directory registered() {
        Directory found = registered;
        if (found == null) {
            found = RegisteredDirectory.root(view);
            registered = found;
        }
        return found;
    }

    @Override
    public Attributes attributes() {
        ProcDirEntry root = ProcDirEntry.root(view.kernel());
        int links = (root == null ? 2 : root.links()) + processCount(view.kernel());
        return view.attributes(FileType.DIRECTORY.modeBits() | 0555, PROC_ROOT_INO, links, 0, 0, 0);
    }

    @Override
    public Node lookup(String name) {
        if (name.equals("self")) {
            return new Link(link("self_inum"), () -> number(view.self().process()));
        }
        if (name.equals("thread-self")) {
            return new Link(link("thread_self_inum"), this::threadSelf);
        }
        int number = Numbers.parse(name);
        if (number >= 0) {
            Task task = view.namespace().find(number);
            if (task != null) {
                return TaskDirectory.process(view, task);
            }
        }
        return registered().lookup(name);
    }

    @Override
    public List<Entry> list() {
        List<Entry> entries = new ArrayList<>(registered().list());
        entries.add(new Entry("self", link("self_inum").inode(), FileType.SYMBOLIC_LINK));
        entries.add(new Entry("thread-self", link("thread_self_inum").inode(), FileType.SYMBOLIC_LINK));
        for (Task process : view.namespace().processes()) {
            int number = view.namespace().number(process, PidType.TGID);
            entries.add(new Entry(Integer.toString(number), TaskDirectory.inode(process, true), FileType.DIRECTORY));
        }
        return entries;
    }

    private Attributes link(String inodeVariable) {
        Kernel kernel = view.kernel();
        long inode = kernel.symbols().has(inodeVariable)
                ? kernel.object(inodeVariable, "unsigned int").value() & 0xffff_ffffL : 1;
        return view.attributes(FileType.SYMBOLIC_LINK.modeBits() | 0777, inode, 1, 0, 0, 0);
    }

    private String threadSelf() {
        int process = view.self().process();
        int thread = view.self().thread();
        return process == 0 || thread == 0 ? null : process + "/task/" + thread;
    }

    private static String number(int id) {
        return id == 0 ? null : Integer.toString(id);
    }

    /** {@code nr_processes} (kernel/fork.c). */
    private static int processCount(Kernel kernel) {
        if (!kernel.symbols().has("process_counts")) {
            return 0;
        }
        int total = 0;
        for (int cpu : kernel.possibleCpus()) {
            total += (int) kernel.memory().u64(kernel.perCpu(kernel.address("process_counts"), cpu));
        }
        return total;
    }
}
