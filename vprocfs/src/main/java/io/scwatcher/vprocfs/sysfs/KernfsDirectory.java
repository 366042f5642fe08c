package io.scwatcher.vprocfs.sysfs;

import io.scwatcher.kernel.fs.KernfsNode;
import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.Directory;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.Node;
import io.scwatcher.vprocfs.Link;
import io.scwatcher.vprocfs.ProcText;
import io.scwatcher.vprocfs.ProcView;
import io.scwatcher.vprocfs.UnreadableFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A directory of a kernfs, listed from the kernel's own tree: so it has exactly the guest's names, modes and inode numbers. A file that nobody
 * prints is listed too, and fails with EOPNOTSUPP.
 *
 * @param covered file systems that are mounted below, by the nodes on which they are
 */
record KernfsDirectory(ProcView view, KernfsNode node, Printers printers, Map<Long, Directory> covered) implements Directory {
    private static final int READABLE = 0444;

    /** What files say. */
    @FunctionalInterface
    interface Printers {
        /** Prints a file; null if nobody knows how. */
        Consumer<ProcText> of(KernfsNode file);
    }

    @Override
    public Attributes attributes() {
        return attributes(node);
    }

    @Override
    public Node lookup(String name) {
        KernfsNode child = children().get(name);
        return child == null ? null : node(child);
    }

    @Override
    public List<Entry> list() {
        List<Entry> entries = new ArrayList<>();
        children().forEach((name, child) -> entries.add(new Entry(name, child.inode(), ProcView.type(child.mode()))));
        return entries;
    }

    private Map<String, KernfsNode> children() {
        return view.remember("kernfs " + node.object().address(), node::children);
    }

    private Node node(KernfsNode child) {
        if (child.isDirectory()) {
            Directory mounted = covered.get(child.object().address());
            return mounted != null ? mounted : new KernfsDirectory(view, child, printers, covered);
        }
        if (child.isLink()) {
            return new Link(attributes(child), child::targetPath);
        }
        if ((child.mode() & READABLE) == 0) {
            return new UnreadableFile(attributes(child), Errno.EACCES);
        }
        Consumer<ProcText> printer = printers.of(child);
        return printer == null ? new UnreadableFile(attributes(child), Errno.EOPNOTSUPP) : view.file(child.name(), attributes(child), printer);
    }

    private Attributes attributes(KernfsNode of) {
        return view.attributes(of.mode(), of.inode(), of.links(), of.uid(), of.gid(), of.size());
    }
}
