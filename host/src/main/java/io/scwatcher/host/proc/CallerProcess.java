package io.scwatcher.host.proc;

import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.Directory;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.FileType;
import io.scwatcher.vfs.Node;
import io.scwatcher.vfs.SymbolicLink;
import io.scwatcher.vfs.VfsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a tool sees of itself: its own directory of the host's /proc, read only. Two exceptions. What a process's
 * directory tells of the system around it ({@link #OF_THE_VM}) is the VM's, since that is what the tool is here for:
 * {@code /proc/net} and {@code /proc/mounts} are links through {@code self}. What gives access to memory is left out.
 */
final class CallerProcess implements Directory {
    /** Served from the VM's init. */
    private static final Set<String> OF_THE_VM = Set.of("net", "mounts", "mountinfo", "mountstats");
    private static final Set<String> LEFT_OUT = Set.of("mem", "pagemap", "map_files", "clear_refs");

    private final Path host;
    private final Attributes attributes;
    private final Directory vm;
    private final String reopening;

    /**
     * @param host {@code /proc/PID} or {@code /proc/PID/task/TID}
     * @param vm the VM's proc root
     * @param reopening a path prefix under which the host's own proc can be found by the caller, or null
     */
    CallerProcess(Path host, Attributes attributes, Directory vm, String reopening) {
        this.host = host;
        this.attributes = attributes;
        this.vm = vm;
        this.reopening = reopening;
    }

    @Override
    public Attributes attributes() {
        return attributes;
    }

    @Override
    public Node lookup(String name) {
        if (OF_THE_VM.contains(name)) {
            return vm.lookup("1") instanceof Directory init ? init.lookup(name) : null;
        }
        if (LEFT_OUT.contains(name)) {
            return null;
        }
        Node node = HostNodes.at(host.resolve(name));
        if (!(node instanceof Directory directory)) {
            return node;
        }
        return switch (name) {
            case "task" -> new Threads(directory);
            case "fd" -> reopening == null ? directory : new OpenFiles(directory);
            default -> directory;
        };
    }

    @Override
    public List<Entry> list() {
        List<Entry> entries = new ArrayList<>();
        for (Entry entry : HostNodes.list(host)) {
            if (OF_THE_VM.contains(entry.name())) {
                Node node = lookup(entry.name());
                if (node != null) {
                    Attributes of = node.attributes();
                    entries.add(new Entry(entry.name(), of.inode(), of.type()));
                }
            } else if (!LEFT_OUT.contains(entry.name())) {
                entries.add(entry);
            }
        }
        return entries;
    }

    /** {@code task}. */
    private final class Threads implements Directory {
        private final Directory task;

        Threads(Directory task) {
            this.task = task;
        }

        @Override
        public Attributes attributes() {
            return task.attributes();
        }

        @Override
        public Node lookup(String name) {
            Node thread = task.lookup(name);
            return thread == null ? null : new CallerProcess(host.resolve("task").resolve(name), thread.attributes(), vm,
                    reopening);
        }

        @Override
        public List<Entry> list() {
            return task.list();
        }
    }

    /**
     * {@code fd}. Opening {@code /dev/fd/N} or {@code /dev/stdout} must open what is open there, also a pipe or a socket
     * that has no path; only links of the real proc can do that, so links without a path lead to those.
     */
    private final class OpenFiles implements Directory {
        private final Directory fd;

        OpenFiles(Directory fd) {
            this.fd = fd;
        }

        @Override
        public Attributes attributes() {
            return fd.attributes();
        }

        @Override
        public Node lookup(String name) {
            return fd.lookup(name) instanceof SymbolicLink link ? new Reopened(name, link) : null;
        }

        @Override
        public List<Entry> list() {
            return fd.list();
        }
    }

    private final class Reopened implements SymbolicLink {
        private final String name;
        private final SymbolicLink link;

        Reopened(String name, SymbolicLink link) {
            this.name = name;
            this.link = link;
        }

        @Override
        public Attributes attributes() {
            return link.attributes();
        }

        @Override
        public String target() {
            String target = link.target();
            boolean hasPath = target.startsWith("/") && !target.endsWith(" (deleted)");
            return hasPath ? target : reopening + Path.of("/proc").relativize(host) + "/fd/" + name;
        }
    }

    /** The directory of a process of this host, or null if it is gone. */
    static CallerProcess of(int process, Directory vm, String reopening) {
        Path host = Path.of("/proc", Integer.toString(process));
        try {
            Attributes attributes = HostNodes.attributes(host);
            return attributes == null || attributes.type() != FileType.DIRECTORY ? null
                    : new CallerProcess(host, attributes, vm, reopening);
        } catch (VfsException e) {
            if (e.errno() == Errno.EACCES) {
                return null;
            }
            throw e;
        }
    }
}
