package io.scwatcher.host.proc;

import io.scwatcher.host.fuse.Caller;
import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.Directory;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.FileType;
import io.scwatcher.vfs.Node;
import io.scwatcher.vfs.SymbolicLink;
import io.scwatcher.vfs.VfsException;
import io.scwatcher.vfs.tree.MemoryDirectory;
import io.scwatcher.vfs.tree.MemoryLink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A VM's /proc as native tools on this host need it: the VM's in everything, except that {@code self} and
 * {@code thread-self} mean the tool that reads them. They lead to a directory named {@value #PID_MAX_LIMIT} + the tool's
 * process id: no process of any VM has such a number, listings never show it, and only threads of that process find it.
 * Where the VM has no process of the tool's own number, the tool finds itself under that too: ps(1) asks for it and gives
 * up otherwise.
 */
public final class NativeProc implements Directory {
    /** Above every process id of a 64-bit kernel (include/linux/threads.h). */
    static final int PID_MAX_LIMIT = 4 << 20;
    /** An empty, unlisted directory on which the native runtime mounts this host's own proc. */
    public static final String HOST_PROC = Integer.toString(PID_MAX_LIMIT);
    private static final long HOST_PROC_INODE = 0xffff_ffffL;
    private static final MemoryDirectory MOUNT_POINT = new MemoryDirectory(HOST_PROC_INODE);

    private final Directory vm;
    private final String reopening;

    private NativeProc(Directory vm, String reopening) {
        this.vm = vm;
        this.reopening = reopening;
    }

    /** For a plain mount. */
    public static NativeProc of(Directory vm) {
        return new NativeProc(vm, null);
    }

    /** For a tree that is mounted on /proc, with this host's own proc mounted on {@link #HOST_PROC} in it. */
    public static NativeProc withHostProc(Directory vm) {
        return new NativeProc(vm, "/proc/" + HOST_PROC + "/");
    }

    @Override
    public Attributes attributes() {
        return vm.attributes();
    }

    @Override
    public Node lookup(String name) {
        if (name.equals("self") || name.equals("thread-self")) {
            return new Self(name.equals("thread-self"));
        }
        if (name.equals(HOST_PROC) && reopening != null) {
            return MOUNT_POINT;
        }
        int number = number(name);
        if (number > PID_MAX_LIMIT) {
            int process = number - PID_MAX_LIMIT;
            return process == callerProcess() ? CallerProcess.of(process, vm, reopening) : null;
        }
        Node node = vm.lookup(name);
        if (number > 0 && node == null) {
            return number == callerProcess() ? CallerProcess.of(number, vm, reopening) : null;
        }
        return number > 0 && node instanceof Directory directory ? new ProcessDirectory(directory) : node;
    }

    @Override
    public List<Entry> list() {
        return vm.list();
    }

    private static int number(String name) {
        boolean isNumber = !name.isEmpty() && name.length() <= 8 && name.chars().allMatch(c -> c >= '0' && c <= '9');
        return isNumber ? Integer.parseInt(name) : 0;
    }

    /** The process of the calling thread, or 0 if it cannot be seen from here. */
    private static int callerProcess() {
        int thread = Caller.CURRENT.isBound() ? Caller.CURRENT.get().tid() : 0;
        if (thread == 0) {
            return 0;
        }
        try {
            return Files.readAllLines(Path.of("/proc", Integer.toString(thread), "status"),
                    StandardCharsets.ISO_8859_1).stream().filter(line -> line.startsWith("Tgid:"))
                    .mapToInt(line -> Integer.parseInt(line.substring(5).strip())).findFirst().orElse(0);
        } catch (IOException gone) {
            return 0;
        }
    }

    /** {@code self} or {@code thread-self}. */
    private final class Self implements SymbolicLink {
        private final boolean thread;

        Self(boolean thread) {
            this.thread = thread;
        }

        @Override
        public Attributes attributes() {
            Node inVm = vm.lookup(thread ? "thread-self" : "self");
            return inVm != null && inVm.attributes().type() == FileType.SYMBOLIC_LINK ? inVm.attributes()
                    : new MemoryLink(HOST_PROC_INODE - (thread ? 2 : 1), "").attributes();
        }

        @Override
        public String target() {
            int process = callerProcess();
            if (process == 0) {
                throw new VfsException(Errno.ENOENT);
            }
            String directory = Integer.toString(PID_MAX_LIMIT + process);
            return thread ? directory + "/task/" + Caller.CURRENT.get().tid() : directory;
        }
    }
}
