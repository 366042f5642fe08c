package io.scwatcher.os.fs.proc;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.fs.Inode;
import io.scwatcher.os.fs.Location;
import io.scwatcher.os.fs.tree.TreeInode;
import io.scwatcher.os.syscall.SystemCallException;
import io.scwatcher.os.task.Credentials;
import io.scwatcher.os.task.Task;
import io.scwatcher.vfs.Directory;
import io.scwatcher.vfs.Node;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * {@code /proc/PID} or {@code /proc/PID/task/TID} of one of the layer's own tasks (fs/proc/base.c, {@code tgid_base_stuff} and {@code tid_base_stuff}). What a
 * process's directory tells of the system around it, {@code net} and the mount tables, is the system's where there is one: that is what tools are here for.
 */
final class ProcessDirectory extends ProcDirectory {
    private static final List<String> OF_THE_SYSTEM = List.of("net", "mounts", "mountinfo", "mountstats");
    private static final List<String> NAMESPACES = List.of("cgroup", "ipc", "mnt", "net", "pid", "pid_for_children", "time", "time_for_children", "user", "uts");
    /** PROC_CGROUP_INIT_INO and its like (include/uapi/linux/nsfs.h), in the order of the names. */
    private static final long[] NAMESPACE_INODES = {0xEFFFFFFBL, 0xEFFFFFFFL, 0xEFFFFFF8L, 0xEFFFFFF9L, 0xEFFFFFFCL, 0xEFFFFFFCL, 0xEFFFFFFAL, 0xEFFFFFFAL,
        0xEFFFFFFDL, 0xEFFFFFFEL};

    private final Task task;
    private final Credentials credentials;
    private final boolean process;

    /** @param process whether it is the directory of the whole process */
    ProcessDirectory(ProcFileSystem fs, Task task, boolean process) {
        super(fs, 0555, inode(task, process ? 0 : 1), task.credentials());
        this.task = task;
        this.credentials = task.credentials();
        this.process = process;
    }

    static long inode(Task task, int index) {
        return (long) task.id() << 16 | 0x8000 | index;
    }

    @Override
    int links() {
        return process ? 9 : 7;
    }

    @Override
    List<String> names() {
        List<String> names = new ArrayList<>(List.of("task", "fd", "fdinfo", "ns", "net", "environ", "auxv", "status", "personality", "limits", "autogroup",
                "timens_offsets", "comm", "syscall", "cmdline", "stat", "statm", "maps", "cwd", "root", "exe", "mounts", "mountinfo", "mountstats", "attr", "wchan",
                "schedstat", "cpuset", "cgroup", "oom_score", "oom_adj", "oom_score_adj", "loginuid", "sessionid", "coredump_filter", "io", "uid_map", "gid_map",
                "projid_map", "setgroups", "timerslack_ns"));
        if (!process) {
            names.removeAll(List.of("task", "autogroup", "timens_offsets", "mountstats", "coredump_filter", "timerslack_ns"));
            names.add("children");
        }
        names.removeIf(name -> OF_THE_SYSTEM.contains(name) && child(name) == null);
        return names;
    }

    @Override
    Inode child(String name) {
        if (fs.system() != null && OF_THE_SYSTEM.contains(name)) {
            Node node = fs.system().lookup("1") instanceof Directory init ? init.lookup(name) : null;
            return node == null ? null : new TreeInode(fs, node);
        }
        ProcessText text = new ProcessText(task);
        return switch (name) {
            case "task" -> process ? new Threads() : null;
            case "fd" -> new OpenFiles(fs, task, false);
            case "fdinfo" -> new OpenFiles(fs, task, true);
            case "ns" -> new Namespaces();
            case "attr" -> new SecurityAttributes();
            case "cwd" -> link(30, () -> task.fsContext().workingDirectory());
            case "root" -> link(31, () -> task.fsContext().root());
            case "exe" -> link(32, () -> task.mm() == null ? null : task.mm().executable);
            case "stat" -> text(1, 0444, _ -> text.stat(process));
            case "status" -> text(2, 0444, _ -> text.status());
            case "statm" -> text(3, 0444, _ -> text.statm());
            case "limits" -> text(4, 0444, _ -> text.limits());
            case "cmdline" -> bytes(5, 0444, reader -> text.memory(reader, true));
            case "environ" -> bytes(6, 0400, reader -> text.memory(reader, false));
            case "auxv" -> bytes(7, 0400, _ -> task.mm() == null ? new byte[0] : task.mm().auxiliaryVector);
            case "maps" -> text(8, 0444, reader -> text.maps(reader.fsContext().root()));
            case "mounts" -> text(9, 0444, reader -> MountTable.mounts(reader.fsContext()));
            case "mountinfo" -> text(10, 0444, reader -> MountTable.mountInfo(reader.fsContext()));
            case "comm" -> written(11, 0644, () -> task.name() + "\n", value -> task.setName(value));
            case "oom_score" -> text(12, 0444, _ -> "0\n");
            case "oom_score_adj" -> written(13, 0644, () -> "0\n", value -> number(value, -1000, 1000));
            case "oom_adj" -> written(14, 0644, () -> "0\n", value -> number(value, -17, 15));
            case "loginuid" -> written(15, 0644, () -> "4294967295", value -> number(value, 0, 0xffff_ffffL));
            case "sessionid" -> text(16, 0444, _ -> "4294967295");
            case "coredump_filter" -> process ? written(17, 0644, () -> "00000033\n", _ -> { }) : null;
            case "personality" -> text(18, 0400, _ -> "00000000\n");
            case "wchan" -> text(19, 0444, _ -> "0");
            case "schedstat" -> text(20, 0444, _ -> task.cpuTime().total() + " 0 1\n");
            case "cgroup" -> text(21, 0444, _ -> "0::/\n");
            case "cpuset" -> text(22, 0444, _ -> "/\n");
            case "io" -> text(23, 0400, _ -> "rchar: 0\nwchar: 0\nsyscr: 0\nsyscw: 0\nread_bytes: 0\nwrite_bytes: 0\ncancelled_write_bytes: 0\n");
            case "uid_map", "gid_map", "projid_map" -> text(24, 0644, _ -> "         0          0 4294967295\n");
            case "setgroups" -> text(25, 0644, _ -> "allow\n");
            case "timerslack_ns" -> process ? written(26, 0666, () -> "50000\n", value -> number(value, 0, Long.MAX_VALUE)) : null;
            case "autogroup" -> process ? text(27, 0644, _ -> "/autogroup-" + task.group().session().id() + " nice 0\n") : null;
            case "timens_offsets" -> process ? text(28, 0644, _ -> "monotonic           0         0\nboottime            0         0\n") : null;
            case "syscall" -> text(29, 0400, _ -> "running\n");
            case "children" -> process ? null : text(33, 0444, _ -> text.children());
            default -> null;
        };
    }

    private Inode text(int index, int permissions, Function<Task, String> content) {
        return bytes(index, permissions, reader -> content.apply(reader).getBytes(StandardCharsets.ISO_8859_1));
    }

    private Inode bytes(int index, int permissions, Function<Task, byte[]> content) {
        return new ProcInode.Text(fs, permissions, inode(task, index + 16), credentials, content, null);
    }

    private Inode written(int index, int permissions, Supplier<String> content, Consumer<String> writer) {
        return new ProcInode.Text(fs, permissions, inode(task, index + 16), credentials, _ -> content.get().getBytes(StandardCharsets.ISO_8859_1), writer);
    }

    private static void number(String value, long minimum, long maximum) {
        try {
            long number = Long.parseLong(value.strip());
            if (number >= minimum && number <= maximum) {
                return;
            }
        } catch (NumberFormatException e) {
            // as any other bad value
        }
        throw SystemCallException.of(Errno.EINVAL);
    }

    private Inode link(int index, Supplier<Location> target) {
        return new ProcInode.Link(fs, 0777, inode(task, index + 16), credentials, reader -> {
            Location at = target.get();
            return at == null ? null : at.path(reader.fsContext().root());
        }, _ -> target.get());
    }

    /** {@code task}. */
    private final class Threads extends ProcDirectory {
        Threads() {
            super(ProcessDirectory.this.fs, 0555, inode(task, 2), credentials);
        }

        @Override
        Inode child(String name) {
            int number = OwnProcesses.number(name);
            Task thread = number > 0 ? fs.layer().processes().task(number) : null;
            return thread != null && thread.group() == task.group() ? new ProcessDirectory(fs, thread, false) : null;
        }

        @Override
        List<String> names() {
            return task.group().tasks().stream().map(thread -> Integer.toString(thread.id())).toList();
        }
    }

    /** {@code ns}: all processes live in the initial namespaces. */
    private final class Namespaces extends ProcDirectory {
        Namespaces() {
            super(ProcessDirectory.this.fs, 0511, inode(task, 3), credentials);
        }

        @Override
        Inode child(String name) {
            int index = NAMESPACES.indexOf(name);
            if (index < 0) {
                return null;
            }
            String kind = name.endsWith("_for_children") ? name.substring(0, name.indexOf('_')) : name;
            String text = kind + ":[" + NAMESPACE_INODES[index] + "]";
            Inode object = new ProcInode.Text(fs, 0444, NAMESPACE_INODES[index], null, _ -> new byte[0], null);
            return new ProcInode.Link(fs, 0777, inode(task, 64 + index), credentials, _ -> text, reader -> OpenFiles.nameless(reader, text, object));
        }

        @Override
        List<String> names() {
            return NAMESPACES;
        }
    }

    /** {@code attr}: no security module is there to answer. */
    private final class SecurityAttributes extends ProcDirectory {
        private static final List<String> NAMES = List.of("current", "prev", "exec", "fscreate", "keycreate", "sockcreate");

        SecurityAttributes() {
            super(ProcessDirectory.this.fs, 0555, inode(task, 4), credentials);
        }

        @Override
        Inode child(String name) {
            int index = NAMES.indexOf(name);
            return index < 0 ? null : bytes(96 + index, name.equals("prev") ? 0444 : 0666, _ -> {
                throw SystemCallException.of(Errno.EINVAL);
            });
        }

        @Override
        List<String> names() {
            return NAMES;
        }
    }
}
