package io.scwatcher.fidelity;

import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.Directory;
import io.scwatcher.vfs.Node;
import io.scwatcher.vfs.RegularFile;
import io.scwatcher.vfs.SpecialFile;
import io.scwatcher.vfs.SymbolicLink;
import io.scwatcher.vfs.VfsException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A proc tree of ours read to the end while the VM stands still, to be compared after it went on. What failed while it
 * was read fails alike when it is asked for again.
 */
final class Snapshot {
    private final Directory root;
    private final Predicate<String> wanted;
    private final Predicate<String> entered;
    private final Set<String> namespaces = new HashSet<>();
    private int nodes;

    private Snapshot(Directory root, Predicate<String> wanted, Predicate<String> entered) {
        this.root = root;
        this.wanted = wanted;
        this.entered = entered;
    }

    /** A tree as it was, and how much was read of it. */
    record Taken(Directory root, int nodes) {}

    /**
     * Reads a tree.
     *
     * @param wanted the files to read
     * @param entered the directories to enter
     */
    static Taken take(Directory root, Predicate<String> wanted, Predicate<String> entered) {
        Snapshot snapshot = new Snapshot(root, wanted, entered);
        Directory copy = snapshot.directory("", root, true);
        return new Taken(copy, snapshot.nodes);
    }

    /** What a call gave: a value or a failure, again and again. */
    private static <T> Supplier<T> outcome(Supplier<T> call) {
        try {
            T value = call.get();
            return () -> value;
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError failure) {
            return () -> {
                if (failure instanceof RuntimeException exception) {
                    throw exception;
                }
                throw (Error) failure;
            };
        }
    }

    private Node node(String path, Node ours, boolean enter) {
        if (ours == null) {
            return null;
        }
        nodes++;
        return switch (ours) {
            case Directory directory -> directory(path, directory, enter);
            case RegularFile file -> file(file, wanted.test(path) && !NeverRead.contains(path));
            case SymbolicLink link -> link(link);
            case SpecialFile special -> special;
        };
    }

    private Directory directory(String path, Directory ours, boolean enter) {
        Supplier<Attributes> attributes = outcome(ours::attributes);
        Supplier<List<Directory.Entry>> entries = outcome(ours::list);
        Map<String, Supplier<Node>> children = new LinkedHashMap<>();
        if (enter && entered.test(path)) {
            try {
                for (Directory.Entry entry : entries.get()) {
                    String name = entry.name();
                    children.put(name, outcome(() -> node(path.isEmpty() ? name : path + "/" + name, ours.lookup(name),
                            !isSeenNetwork(path, name, ours))));
                }
            } catch (RuntimeException notListed) {
                // Listing fails again where it is compared.
            }
        }
        return new Directory() {
            @Override
            public Attributes attributes() {
                return attributes.get();
            }

            @Override
            public Node lookup(String name) {
                Supplier<Node> node = children.get(name);
                return node == null ? null : node.get();
            }

            @Override
            public List<Entry> list() {
                return entries.get();
            }
        };
    }

    private RegularFile file(RegularFile ours, boolean read) {
        Supplier<Attributes> attributes = outcome(ours::attributes);
        Supplier<ProcReading> reading = read ? outcome(() -> ProcReading.read(ours)) : null;
        return new RegularFile() {
            @Override
            public Attributes attributes() {
                return attributes.get();
            }

            @Override
            public OpenFile open() {
                ProcReading taken = reading.get();
                return (position, destination, offset, length) -> {
                    if (position >= taken.content().length && taken.error() != 0) {
                        throw failure(taken.error());
                    }
                    int count = (int) Math.clamp(taken.content().length - position, 0, length);
                    System.arraycopy(taken.content(), (int) position, destination, offset, count);
                    return count;
                };
            }
        };
    }

    private static VfsException failure(int error) {
        return new VfsException(Arrays.stream(io.scwatcher.vfs.Errno.values())
                .filter(errno -> errno.number() == error).findFirst().orElse(io.scwatcher.vfs.Errno.EIO));
    }

    private static SymbolicLink link(SymbolicLink ours) {
        Supplier<Attributes> attributes = outcome(ours::attributes);
        Supplier<String> target = outcome(ours::target);
        return new SymbolicLink() {
            @Override
            public Attributes attributes() {
                return attributes.get();
            }

            @Override
            public String target() {
                return target.get();
            }
        };
    }

    /**
     * Whether a net directory is not entered, since the namespace that it shows is entered elsewhere: like the guest's
     * reader, enters that of the first process, and a thread's only if its process shows another.
     */
    private boolean isSeenNetwork(String path, String name, Directory task) {
        if (!name.equals("net") || !Patterns.isProcess(path)) {
            return false;
        }
        String namespace = namespace(task);
        int end = path.indexOf("/task/");
        if (namespace == null || end >= 0 && namespace.equals(namespace(ProcReading.lookup(root, path.substring(0, end))))) {
            return namespace != null;
        }
        return !namespaces.add(namespace);
    }

    /** The text of a task's link to its network namespace; null if there is none. */
    private static String namespace(Node task) {
        try {
            return task instanceof Directory directory && directory.lookup("ns") instanceof Directory ns
                    && ns.lookup("net") instanceof SymbolicLink link ? link.target() : null;
        } catch (VfsException unknown) {
            return null;
        }
    }
}
