package io.scwatcher.host.fuse;

import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.Directory;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.FileType;
import io.scwatcher.vfs.Node;
import io.scwatcher.vfs.VfsException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The node ids that the kernel knows, and how often it was told of each ({@code nlookup}): an id lives until the kernel
 * has forgotten it as often. The same name in the same directory keeps its id as long as inode and type stay the same;
 * otherwise the kernel would take every lookup for a replaced file and drop what is mounted below or a shell's working
 * directory. Ids are never used twice.
 */
final class NodeTable {
    /** Deeper than any path that the kernel resolves at once through a proc tree; ends a walk up a broken table. */
    private static final int DEEPEST = 256;

    private final Tree tree;
    private final Map<Long, Known> byId = new ConcurrentHashMap<>();
    private final Map<Place, Known> byPlace = new HashMap<>();
    private volatile Generation current = new Generation(null);
    private long lastId = Protocol.ROOT_ID;

    NodeTable(Tree tree) {
        this.tree = tree;
    }

    /** What a lookup tells the kernel. */
    record Found(long id, Attributes attributes) {}

    /**
     * Looks a name up and counts that the kernel knows it.
     *
     * @throws VfsException ENOENT, ENOTDIR, or what the tree throws
     */
    Found lookup(long parent, String name) {
        Generation generation = generation();
        Node node = child(resolve(generation, parent, 0), name);
        Attributes attributes = node.attributes();
        return new Found(remember(new Place(parent, name), attributes, node, generation), attributes);
    }

    /**
     * The node of an id, as it is now.
     *
     * @throws VfsException ENOENT if it is gone
     */
    Node resolve(long id) {
        return resolve(generation(), id, 0);
    }

    /** FORGET: the kernel drops {@code count} of the lookups it was told of. */
    synchronized void forget(long id, long count) {
        Known known = byId.get(id);
        if (known == null) {
            return;
        }
        known.lookups -= count;
        if (known.lookups <= 0) {
            byId.remove(id);
            byPlace.remove(known.place, known);
            current.nodes.remove(id);
        }
    }

    /** How many ids the kernel knows besides the root. */
    int size() {
        return byId.size();
    }

    private Node resolve(Generation generation, long id, int depth) {
        if (id == Protocol.ROOT_ID) {
            return tree.root();
        }
        Node node = generation.nodes.get(id);
        if (node != null) {
            return node;
        }
        Known known = byId.get(id);
        if (known == null || depth > DEEPEST) {
            throw new VfsException(Errno.ENOENT);
        }
        node = child(resolve(generation, known.place.parent, depth + 1), known.place.name);
        Attributes attributes = node.attributes();
        if (attributes.inode() != known.inode || attributes.type() != known.type) {
            throw new VfsException(Errno.ENOENT);
        }
        generation.nodes.put(id, node);
        return node;
    }

    private static Node child(Node parent, String name) {
        if (!(parent instanceof Directory directory)) {
            throw new VfsException(Errno.ENOTDIR);
        }
        Node child = directory.lookup(name);
        if (child == null) {
            throw new VfsException(Errno.ENOENT);
        }
        return child;
    }

    private synchronized long remember(Place place, Attributes attributes, Node node, Generation generation) {
        Known known = byPlace.get(place);
        if (known == null || known.inode != attributes.inode() || known.type != attributes.type()) {
            known = new Known(++lastId, place, attributes.inode(), attributes.type());
            byId.put(known.id, known);
            byPlace.put(place, known);
        }
        known.lookups++;
        generation.nodes.put(known.id, node);
        return known.id;
    }

    private Generation generation() {
        Object age = tree.generation().get();
        Generation generation = current;
        if (generation.age != age) {
            generation = new Generation(age);
            current = generation;
        }
        return generation;
    }

    /** The nodes resolved so far of one age of the tree; dropped together with it. */
    private static final class Generation {
        private final Object age;
        private final Map<Long, Node> nodes = new ConcurrentHashMap<>();

        Generation(Object age) {
            this.age = age;
        }
    }

    private record Place(long parent, String name) {}

    private static final class Known {
        private final long id;
        private final Place place;
        private final long inode;
        private final FileType type;
        private long lookups;

        Known(long id, Place place, long inode, FileType type) {
            this.id = id;
            this.place = place;
            this.inode = inode;
            this.type = type;
        }
    }
}
