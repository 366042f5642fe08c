package io.scwatcher.vprocfs.pid;

import io.scwatcher.kernel.fs.OpenFile;
import io.scwatcher.kernel.fs.Paths;
import io.scwatcher.kernel.mm.Mm;
import io.scwatcher.kernel.mm.Vma;
import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.Directory;
import io.scwatcher.vfs.FileType;
import io.scwatcher.vfs.Node;
import io.scwatcher.vprocfs.ObjectLink;
import java.util.ArrayList;
import java.util.List;

/** /proc/PID/map_files: fs/proc/base.c {@code proc_map_files_readdir}. */
record MapFilesDirectory(TaskView task, Attributes attributes) implements Directory {
    private static final int LINK_SIZE = 64;

    @Override
    public Node lookup(String name) {
        for (Vma area : files()) {
            if (name(area).equals(name)) {
                return link(area);
            }
        }
        return null;
    }

    @Override
    public List<Entry> list() {
        List<Entry> entries = new ArrayList<>();
        for (Vma area : files()) {
            entries.add(new Entry(name(area), inode(area), FileType.SYMBOLIC_LINK));
        }
        return entries;
    }

    private List<Vma> files() {
        Mm mm = task.mm();
        return mm == null ? List.of() : task.view().remember("mapped files " + mm.object().address(),
                () -> mm.areas().stream().filter(area -> !area.file().isNull()).toList());
    }

    private Node link(Vma area) {
        OpenFile file = new OpenFile(area.file());
        int mode = FileType.SYMBOLIC_LINK.modeBits()
                | ((file.mode() & OpenFile.FMODE_READ) != 0 ? 0400 : 0)
                | ((file.mode() & OpenFile.FMODE_WRITE) != 0 ? 0200 : 0);
        Ownership owner = Ownership.of(task.task(), 0);
        Attributes own = task.view().attributes(mode, inode(area), 1, owner.uid(), owner.gid(), LINK_SIZE);
        return ObjectLink.toFile(own, () -> Paths.of(file.userPath(), task.root()), file::userInode);
    }

    private static String name(Vma area) {
        return Long.toHexString(area.start()) + "-" + Long.toHexString(area.end());
    }

    private long inode(Vma area) {
        return area.start() >>> 12 | (long) task.task().tid() << 36 | 1L << 62;
    }
}
