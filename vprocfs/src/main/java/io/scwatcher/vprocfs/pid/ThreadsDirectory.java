package io.scwatcher.vprocfs.pid;

import io.scwatcher.kernel.task.PidType;
import io.scwatcher.kernel.task.Task;
import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.Directory;
import io.scwatcher.vfs.FileType;
import io.scwatcher.vfs.Node;
import java.util.ArrayList;
import java.util.List;

/** /proc/PID/task: fs/proc/base.c {@code proc_task_readdir}, {@code proc_task_lookup}. */
record ThreadsDirectory(TaskView process, Attributes own) implements Directory {
    @Override
    public Attributes attributes() {
        int links = own.links() + process.task().threadCount();
        return new Attributes(own.type(), own.permissions(), own.inode(), links, own.uid(), own.gid(), own.size(),
                own.deviceNumber(), own.mtimeNanos());
    }

    @Override
    public Node lookup(String name) {
        int number = Numbers.parse(name);
        Task thread = number < 0 ? null : process.namespace().find(number);
        return thread == null || !thread.isSameGroup(process.task()) ? null
                : TaskDirectory.thread(process.view(), thread);
    }

    @Override
    public List<Entry> list() {
        List<Entry> entries = new ArrayList<>();
        for (Task thread : process.task().threads()) {
            int number = process.namespace().number(thread, PidType.PID);
            if (number != 0) {
                entries.add(new Entry(Integer.toString(number), TaskDirectory.inode(thread, false), FileType.DIRECTORY));
            }
        }
        return entries;
    }
}
