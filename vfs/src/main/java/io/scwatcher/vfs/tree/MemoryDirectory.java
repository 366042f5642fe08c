package io.scwatcher.vfs.tree;

import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.Directory;
import io.scwatcher.vfs.FileType;
import io.scwatcher.vfs.Node;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A directory held in memory, listed in the order in which its entries were put. Entries may be added and removed while
 * others read it.
 */
public final class MemoryDirectory implements Directory {
    private final Attributes attributes;
    private final Map<String, Node> entries = Collections.synchronizedMap(new LinkedHashMap<>());

    public MemoryDirectory(Attributes attributes) {
        if (attributes.type() != FileType.DIRECTORY) {
            throw new IllegalArgumentException("attributes of a " + attributes.type());
        }
        this.attributes = attributes;
    }

    /** A directory that root owns and everybody may read, mode 0555. */
    public MemoryDirectory(long inode) {
        this(new Attributes(FileType.DIRECTORY, 0555, inode, 2, 0, 0, 0, 0, 0));
    }

    /** Adds an entry or replaces the one of that name. */
    public MemoryDirectory put(String name, Node node) {
        entries.put(name, node);
        return this;
    }

    public void remove(String name) {
        entries.remove(name);
    }

    @Override
    public Attributes attributes() {
        return attributes;
    }

    @Override
    public Node lookup(String name) {
        return entries.get(name);
    }

    @Override
    public List<Entry> list() {
        List<Entry> list = new ArrayList<>();
        synchronized (entries) {
            entries.forEach((name, node) -> {
                Attributes of = node.attributes();
                list.add(new Entry(name, of.inode(), of.type()));
            });
        }
        return list;
    }
}
