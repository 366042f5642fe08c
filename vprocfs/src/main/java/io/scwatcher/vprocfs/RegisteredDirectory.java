package io.scwatcher.vprocfs;

import io.scwatcher.kernel.fs.ProcDirEntry;
import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.Directory;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.FileType;
import io.scwatcher.vfs.Node;
import java.util.ArrayList;
import java.util.List;

/**
 * A directory of what the guest's kernel and modules registered in /proc, listed from the kernel's own tree: so it has
 * exactly the guest's names, modes and inode numbers. What the files say comes from the tables of printers.
 */
final class RegisteredDirectory implements Directory {
    private final ProcView view;
    private final ProcDirEntry entry;
    private final String path;
    private final Contents contents;
    private final Attributes own;

    RegisteredDirectory(ProcView view, ProcDirEntry entry, String path, Contents contents) {
        this(view, entry, path, contents, attributes(view, entry));
    }

    /**
     * @param path below the directory that {@code contents} knows, ending in '/', or empty
     * @param own the directory's own attributes
     */
    RegisteredDirectory(ProcView view, ProcDirEntry entry, String path, Contents contents, Attributes own) {
        this.view = view;
        this.entry = entry;
        this.path = path;
        this.contents = contents;
        this.own = own;
    }

    static Directory root(ProcView view) {
        ProcDirEntry root = ProcDirEntry.root(view.kernel());
        Contents contents = new SystemContents(view);
        return root == null ? new TableDirectory(view, "") : new RegisteredDirectory(view, root, "", contents);
    }

    @Override
    public Attributes attributes() {
        return own;
    }

    @Override
    public Node lookup(String name) {
        ProcDirEntry child = entry.child(name);
        return child == null ? null : node(child, name);
    }

    @Override
    public List<Entry> list() {
        List<Entry> entries = new ArrayList<>();
        for (ProcDirEntry child : entry.children()) {
            entries.add(new Entry(child.name(), child.inode(), ProcView.type(child.mode())));
        }
        return entries;
    }

    private Node node(ProcDirEntry child, String name) {
        Attributes attributes = attributes(view, child);
        String below = path + name;
        if (attributes.type() == FileType.DIRECTORY) {
            Directory special = contents.directory(below);
            return special != null ? special : new RegisteredDirectory(view, child, below + "/", contents);
        }
        if (attributes.type() == FileType.SYMBOLIC_LINK) {
            return new Link(attributes, child::linkTarget);
        }
        Contents.Printer printer = contents.file(below, child);
        return printer == null ? new UnreadableFile(attributes, Errno.EOPNOTSUPP)
                : view.file(contents.name() + below, attributes, printer::print);
    }

    private static Attributes attributes(ProcView view, ProcDirEntry of) {
        return view.attributes(of.mode(), of.inode(), Math.max(1, of.links()), of.uid(), of.gid(), of.size());
    }
}
