package io.scwatcher.os.task;

import static io.scwatcher.os.abi.Errno.E2BIG;
import static io.scwatcher.os.abi.Errno.EBADF;
import static io.scwatcher.os.abi.Errno.EFAULT;
import static io.scwatcher.os.abi.Errno.EINVAL;
import static io.scwatcher.os.abi.Errno.ENOSYS;
import static io.scwatcher.os.abi.Errno.EPERM;
import static io.scwatcher.os.abi.Errno.ESRCH;
import static io.scwatcher.os.abi.Signal.SIGCHLD;
import static io.scwatcher.os.syscall.Argument.*;
import static io.scwatcher.os.syscall.Support.FULL;
import static io.scwatcher.os.syscall.Support.PARTIAL;
import static io.scwatcher.os.syscall.Support.REFUSED;

import io.scwatcher.cpu.memory.AddressSpace;
import io.scwatcher.os.fs.FileDescription;
import io.scwatcher.os.fs.OpenFlags;
import io.scwatcher.os.mm.UserMemory;
import io.scwatcher.os.syscall.Argument;
import io.scwatcher.os.syscall.SystemCallException;
import io.scwatcher.os.syscall.SystemCallTable;
import io.scwatcher.os.view.SystemView.ProcessView;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The system calls that make, end and relate tasks. */
public final class ProcessCalls {
    private static final int MAX_ARG_STRLEN = 32 * 4096;
    private static final int CLONE_ARGS_SIZE_VER0 = 64, CLONE_ARGS_SIZE = 88;
    private static final Argument CLONE_FLAGS = flags(null, null, null, null, null, null, null, null, "CLONE_VM", "CLONE_FS", "CLONE_FILES", "CLONE_SIGHAND",
            "CLONE_PIDFD", "CLONE_PTRACE", "CLONE_VFORK", "CLONE_PARENT", "CLONE_THREAD", "CLONE_NEWNS", "CLONE_SYSVSEM", "CLONE_SETTLS", "CLONE_PARENT_SETTID",
            "CLONE_CHILD_CLEARTID", "CLONE_DETACHED", "CLONE_UNTRACED", "CLONE_CHILD_SETTID", "CLONE_NEWCGROUP", "CLONE_NEWUTS", "CLONE_NEWIPC",
            "CLONE_NEWUSER", "CLONE_NEWPID", "CLONE_NEWNET", "CLONE_IO");

    private ProcessCalls() {}

    public static void register(SystemCallTable.Builder table) {
        table.call(39, "getpid", args(), FULL, (task, _, _, _, _, _, _) -> task.group().id());
        table.call(110, "getppid", args(), FULL, (task, _, _, _, _, _, _) -> task.group().parentId());
        table.call(186, "gettid", args(), FULL, (task, _, _, _, _, _, _) -> task.id());
        table.call(56, "clone", args(CLONE_FLAGS, POINTER, POINTER, POINTER, HEX), PARTIAL, "new namespaces: EPERM", ProcessCalls::clone);
        table.call(57, "fork", args(), FULL, (task, _, _, _, _, _, _) -> Clone.clone(task, new Clone.Request(0, 0, 0, 0, 0, SIGCHLD, 0)));
        table.call(58, "vfork", args(), FULL, (task, _, _, _, _, _, _) ->
                Clone.clone(task, new Clone.Request(Clone.CLONE_VFORK | Clone.CLONE_VM, 0, 0, 0, 0, SIGCHLD, 0)));
        table.call(435, "clone3", args(POINTER, SIZE), PARTIAL, "new namespaces, set_tid: EPERM", ProcessCalls::clone3);
        table.call(59, "execve", args(PATH, STRINGS, POINTER), FULL, (task, path, argv, envp, _, _, _) ->
                Exec.execute(task, OpenFlags.AT_FDCWD, task.memory().readPath(path), strings(task, argv), strings(task, envp), 0));
        table.call(322, "execveat", args(FD, PATH, STRINGS, POINTER, HEX), FULL, (task, fd, path, argv, envp, flags, _) ->
                (flags & ~(OpenFlags.AT_EMPTY_PATH | OpenFlags.AT_SYMLINK_NOFOLLOW)) != 0 ? -EINVAL
                        : Exec.execute(task, (int) fd, task.memory().readPath(path), strings(task, argv), strings(task, envp), (int) flags));
        table.call(60, "exit", args(INT), FULL, (task, code, _, _, _, _, _) -> {
            task.exitThread((int) code);
            return 0;
        });
        table.call(231, "exit_group", args(INT), FULL, (task, code, _, _, _, _, _) -> {
            GroupExit.begin(task.group(), ((int) code & 0xff) << 8);
            return 0;
        });
        table.call(61, "wait4", args(INT, POINTER, HEX, POINTER), FULL, ProcessCalls::wait4);
        table.call(247, "waitid", args(INT, INT, POINTER, HEX, POINTER), FULL, ProcessCalls::waitid);
        table.call(218, "set_tid_address", args(POINTER), FULL, (task, address, _, _, _, _, _) -> {
            task.clearChildTid = address;
            return task.id();
        });
        table.call(109, "setpgid", args(INT, INT), FULL, (task, pid, pgid, _, _, _, _) ->
                (int) pgid < 0 ? -EINVAL : Relations.setProcessGroup(task, (int) pid, (int) pgid));
        table.call(111, "getpgrp", args(), FULL, (task, _, _, _, _, _, _) -> task.group().processGroup());
        table.call(121, "getpgid", args(INT), FULL, (task, pid, _, _, _, _, _) -> {
            Task of = (int) pid == 0 ? task : task.layer().processes().task((int) pid);
            if (of != null) {
                return of.group().processGroup();
            }
            ProcessView process = task.layer().view().process((int) pid);
            return process == null ? -ESRCH : process.processGroup();
        });
        table.call(112, "setsid", args(), FULL, (task, _, _, _, _, _, _) -> Relations.newSession(task));
        table.call(124, "getsid", args(INT), FULL, (task, pid, _, _, _, _, _) -> {
            Task of = (int) pid == 0 ? task : task.layer().processes().task((int) pid);
            if (of != null) {
                return of.group().session().id();
            }
            ProcessView process = task.layer().view().process((int) pid);
            return process == null ? -ESRCH : process.session();
        });
        table.call(158, "arch_prctl", args(HEX, POINTER), FULL, ProcessCalls::archPrctl);
        table.call(219, "restart_syscall", args(), FULL, (task, _, _, _, _, _, _) -> task.restart());
        table.call(334, "rseq", args(POINTER, SIZE, HEX, HEX), REFUSED, "ENOSYS, as a kernel without CONFIG_RSEQ", (_, _, _, _, _, _, _) -> -ENOSYS);
        table.call(101, "ptrace", args(INT, INT, POINTER, POINTER), REFUSED, (_, _, _, _, _, _, _) -> -EPERM);
        table.call(272, "unshare", args(CLONE_FLAGS), PARTIAL, "CLONE_FS and CLONE_FILES; namespaces: EPERM", ProcessCalls::unshare);
        table.call(308, "setns", args(FD, HEX), REFUSED, (_, _, _, _, _, _, _) -> -EPERM);
        table.call(434, "pidfd_open", args(INT, HEX), FULL, (task, pid, flags, _, _, _, _) -> {
            if ((flags & ~OpenFlags.O_NONBLOCK) != 0 || (int) pid <= 0) {
                return -EINVAL;
            }
            Task of = task.layer().processes().task((int) pid);
            if (of == null) {
                return task.layer().view().process((int) pid) == null ? -ESRCH : -EPERM;
            }
            return of.id() != of.group().id() ? -EINVAL : task.files().install(new PidDescription(of.group(), (int) flags), true);
        });
        table.call(438, "pidfd_getfd", args(FD, INT, HEX), REFUSED, (task, fd, _, _, _, _, _) ->
                task.files().get((int) fd) instanceof PidDescription ? -EPERM : -EBADF);
        table.call(312, "kcmp", args(INT, INT, INT, HEX, HEX), REFUSED, (_, _, _, _, _, _, _) -> -EPERM);
    }

    private static long clone(Task task, long flags, long stack, long parentTid, long childTid, long tls, long f) {
        int signal = (int) flags & 0xff;
        long bits = flags & 0xffffff00L;
        if ((bits & Clone.CLONE_PIDFD) != 0 && (bits & Clone.CLONE_PARENT_SETTID) != 0) {
            return -EINVAL;
        }
        return signal > 64 ? -EINVAL : Clone.clone(task, new Clone.Request(bits, stack, parentTid, childTid, parentTid, signal, tls));
    }

    private static long clone3(Task task, long address, long size, long c, long d, long e, long f) {
        if (Long.compareUnsigned(size, 4096) > 0) {
            return -E2BIG;
        }
        if (size < CLONE_ARGS_SIZE_VER0) {
            return -EINVAL;
        }
        UserMemory memory = task.memory();
        byte[] bytes = Arrays.copyOf(memory.copyIn(address, (int) size), Math.max((int) size, CLONE_ARGS_SIZE));
        for (int i = CLONE_ARGS_SIZE; i < bytes.length; i++) {
            if (bytes[i] != 0) {
                return -E2BIG;
            }
        }
        long[] words = new long[CLONE_ARGS_SIZE / 8];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(words);
        long flags = words[0];
        long exitSignal = words[4];
        long stack = words[5];
        long stackSize = words[6];
        if (words[8] != 0 || words[9] != 0) {
            return words[8] == 0 || words[9] == 0 || words[9] > 32 ? -EINVAL : -EPERM;
        }
        long known = 0xffffffffL & ~0xffL & ~Clone.CLONE_DETACHED | 0x80 | Clone.CLONE_CLEAR_SIGHAND;
        if ((flags & Clone.CLONE_INTO_CGROUP) != 0) {
            return -EBADF;
        }
        boolean wrong = (flags & ~known) != 0 || Long.compareUnsigned(exitSignal, 64) > 0 || (stack == 0) != (stackSize == 0)
                || (flags & (Clone.CLONE_THREAD | Clone.CLONE_PARENT)) != 0 && exitSignal != 0 || stack < 0 || stackSize < 0
                || stack + stackSize > AddressSpace.MAX;
        return wrong ? -EINVAL
                : Clone.clone(task, new Clone.Request(flags, stack == 0 ? 0 : stack + stackSize, words[3], words[2], words[1], (int) exitSignal, words[7]));
    }

    /** A NULL-terminated array of strings; a null array is an empty one. */
    private static List<String> strings(Task task, long array) {
        List<String> strings = new ArrayList<>();
        if (array == 0) {
            return strings;
        }
        long left = 6 << 20;
        for (long at = array; ; at += 8) {
            long address = task.memory().get64(at);
            if (address == 0) {
                return strings;
            }
            String string;
            try {
                string = task.memory().readString(address, MAX_ARG_STRLEN);
            } catch (SystemCallException e) {
                throw SystemCallException.of(e.errno() == EFAULT ? EFAULT : E2BIG);
            }
            strings.add(string);
            left -= string.length() + 9;
            if (left < 0) {
                throw SystemCallException.of(E2BIG);
            }
        }
    }

    private static long wait4(Task task, long which, long statusAddress, long optionBits, long usage, long e, long f) {
        int pid = (int) which;
        int options = (int) optionBits;
        if ((options & ~(Waiting.WNOHANG | Waiting.WUNTRACED | Waiting.WCONTINUED | Waiting.WNOTHREAD | Waiting.WCLONE | Waiting.WALL)) != 0) {
            return -EINVAL;
        }
        if (pid == Integer.MIN_VALUE) {
            return -ESRCH;
        }
        Waiting.Which kind = pid == -1 ? Waiting.Which.ALL : pid > 0 ? Waiting.Which.PROCESS : Waiting.Which.GROUP;
        Waiting waiting = new Waiting(task, kind, pid == 0 ? task.group().processGroup() : Math.abs(pid), options | Waiting.WEXITED);
        int error = waiting.run();
        if (error != 0) {
            return error;
        }
        if (waiting.pid != 0) {
            if (statusAddress != 0) {
                task.memory().put32(statusAddress, waiting.status);
            }
            if (usage != 0) {
                ResourceUsage.write(task.memory(), usage, waiting.user, waiting.system, waiting.pages);
            }
        }
        return waiting.pid;
    }

    private static long waitid(Task task, long which, long idArgument, long info, long optionBits, long usage, long f) {
        int options = (int) optionBits;
        int id = (int) idArgument;
        if ((options & ~(Waiting.WNOHANG | Waiting.WNOWAIT | Waiting.WEXITED | Waiting.WUNTRACED | Waiting.WCONTINUED | Waiting.WNOTHREAD | Waiting.WCLONE
                | Waiting.WALL)) != 0 || (options & (Waiting.WEXITED | Waiting.WUNTRACED | Waiting.WCONTINUED)) == 0) {
            return -EINVAL;
        }
        Waiting.Which kind;
        switch ((int) which) {
            case 0 -> kind = Waiting.Which.ALL;
            case 1 -> {
                kind = Waiting.Which.PROCESS;
                if (id <= 0) {
                    return -EINVAL;
                }
            }
            case 2 -> {
                kind = Waiting.Which.GROUP;
                if (id < 0) {
                    return -EINVAL;
                }
                id = id == 0 ? task.group().processGroup() : id;
            }
            case 3 -> {
                kind = Waiting.Which.PROCESS;
                if (id < 0) {
                    return -EINVAL;
                }
                FileDescription file = task.files().get(id);
                if (!(file instanceof PidDescription pid)) {
                    return -EBADF;
                }
                id = pid.group().id();
                options |= file.nonBlocking() ? Waiting.WNOHANG : 0;
            }
            default -> {
                return -EINVAL;
            }
        }
        Waiting waiting = new Waiting(task, kind, id, options);
        int error = waiting.run();
        UserMemory memory = task.memory();
        if (usage != 0 && waiting.pid != 0) {
            ResourceUsage.write(memory, usage, waiting.user, waiting.system, waiting.pages);
        }
        if (info != 0) {
            // written whatever happened, as SYSCALL_DEFINE5(waitid) does
            boolean any = waiting.pid != 0;
            memory.put32(info, any ? SIGCHLD : 0);
            memory.put32(info + 4, 0);
            memory.put32(info + 8, any ? waiting.code : 0);
            memory.put32(info + 16, waiting.pid);
            memory.put32(info + 20, any ? waiting.uid : 0);
            memory.put32(info + 24, any ? waiting.detail() : 0);
        }
        return error;
    }

    private static long archPrctl(Task task, long option, long address, long c, long d, long e, long f) {
        switch ((int) option) {
            case 0x1001, 0x1002 -> {
                if (address < 0 || address >= AddressSpace.MAX) {
                    return -EPERM;
                }
                if (option == 0x1001) {
                    task.cpu().gsBase = address;
                } else {
                    task.cpu().fsBase = address;
                }
            }
            case 0x1003 -> task.memory().put64(address, task.cpu().fsBase);
            case 0x1004 -> task.memory().put64(address, task.cpu().gsBase);
            case 0x1011 -> {
                return 1;
            }
            default -> {
                return -EINVAL;
            }
        }
        return 0;
    }

    private static long unshare(Task task, long flags, long b, long c, long d, long e, long f) {
        long shareable = Clone.CLONE_FS | Clone.CLONE_FILES | Clone.CLONE_SYSVSEM | Clone.CLONE_VM | Clone.CLONE_THREAD | Clone.CLONE_SIGHAND;
        if ((flags & ~(shareable | Clone.NAMESPACES)) != 0) {
            return -EINVAL;
        }
        if ((flags & Clone.NAMESPACES) != 0) {
            return -EPERM;
        }
        if ((flags & (Clone.CLONE_VM | Clone.CLONE_THREAD | Clone.CLONE_SIGHAND)) != 0 && task.group().taskCount() > 1) {
            return -EINVAL;
        }
        if ((flags & Clone.CLONE_FS) != 0) {
            task.setFsContext(task.fsContext().copy());
        }
        if ((flags & Clone.CLONE_FILES) != 0 && task.files().shared()) {
            var own = task.files().fork();
            task.files().release();
            task.setFiles(own);
        }
        return 0;
    }
}
