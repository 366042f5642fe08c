package io.scwatcher.fidelity;

import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.Directory;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.FileType;
import io.scwatcher.vfs.Node;
import io.scwatcher.vfs.RegularFile;
import io.scwatcher.vfs.SpecialFile;
import io.scwatcher.vfs.SymbolicLink;
import io.scwatcher.vfs.VfsException;
import java.util.Arrays;
import java.util.List;

/** An archive seen as a tree of ours: what a perfect vProcFS would serve. */
final class ArchiveTree {
    private ArchiveTree() {}

    static Directory root(ProcArchive archive) {
        return (Directory) node(archive, archive.node(""));
    }

    private static Node node(ProcArchive archive, ProcNode node) {
        if (node == null) {
            return null;
        }
        Attributes attributes = attributesOf(node);
        return switch (attributes.type()) {
            case DIRECTORY -> new Directory() {
                @Override
                public Attributes attributes() {
                    return attributes;
                }

                @Override
                public Node lookup(String name) {
                    return node(archive, archive.children(node.path()).get(name));
                }

                @Override
                public List<Entry> list() {
                    fail(node);
                    return archive.children(node.path()).values().stream()
                            .map(child -> new Entry(child.name(), 1, attributesOf(child).type())).toList();
                }
            };
            case REGULAR -> new RegularFile() {
                @Override
                public Attributes attributes() {
                    return attributes;
                }

                @Override
                public OpenFile open() {
                    fail(node);
                    return (position, destination, offset, length) -> {
                        int count = (int) Math.min(length, node.content().length - position);
                        System.arraycopy(node.content(), (int) position, destination, offset, count);
                        return count;
                    };
                }
            };
            case SYMBOLIC_LINK -> new SymbolicLink() {
                @Override
                public Attributes attributes() {
                    return attributes;
                }

                @Override
                public String target() {
                    fail(node);
                    return node.text();
                }
            };
            default -> (SpecialFile) () -> attributes;
        };
    }

    private static void fail(ProcNode node) {
        if (node.error() != 0) {
            throw new VfsException(Arrays.stream(Errno.values()).filter(errno -> errno.number() == node.error())
                    .findFirst().orElse(Errno.EIO));
        }
    }

    private static Attributes attributesOf(ProcNode node) {
        FileType type = Arrays.stream(FileType.values())
                .filter(candidate -> candidate.modeBits() == (node.mode() & 0170000)).findFirst().orElseThrow();
        return new Attributes(type, node.mode() & 07777, 1, node.links(), node.uid(), node.gid(), node.size(), 0, 0);
    }
}
