package io.scwatcher.os.task;

import static io.scwatcher.os.abi.Errno.EAGAIN;
import static io.scwatcher.os.abi.Errno.EINVAL;
import static io.scwatcher.os.abi.Errno.EPERM;
import static io.scwatcher.os.abi.Errno.ERESTARTNOINTR;
import static io.scwatcher.os.abi.Signal.SIGKILL;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.os.Layer;
import io.scwatcher.os.fs.FileDescriptorTable;
import io.scwatcher.os.fs.FsContext;
import io.scwatcher.os.mm.MemoryDescriptor;
import io.scwatcher.os.signal.SignalState;
import io.scwatcher.os.syscall.SystemCallException;

/** Makes tasks: kernel_clone and copy_process of kernel/fork.c (6.12). */
final class Clone {
    static final long CLONE_VM = 0x100, CLONE_FS = 0x200, CLONE_FILES = 0x400, CLONE_SIGHAND = 0x800, CLONE_PIDFD = 0x1000, CLONE_PTRACE = 0x2000,
            CLONE_VFORK = 0x4000, CLONE_PARENT = 0x8000, CLONE_THREAD = 0x10000, CLONE_NEWNS = 0x20000, CLONE_SYSVSEM = 0x40000, CLONE_SETTLS = 0x80000,
            CLONE_PARENT_SETTID = 0x100000, CLONE_CHILD_CLEARTID = 0x200000, CLONE_DETACHED = 0x400000, CLONE_UNTRACED = 0x800000,
            CLONE_CHILD_SETTID = 0x1000000, CLONE_CLEAR_SIGHAND = 0x100000000L, CLONE_INTO_CGROUP = 0x200000000L;
    /** CLONE_NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET, NEWNS, NEWTIME. */
    static final long NAMESPACES = 0x02000000L | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000 | CLONE_NEWNS | 0x80;
    private static final int RAX = 0, RSP = 4;

    /**
     * What is asked for: struct kernel_clone_args. Addresses are the program's.
     *
     * @param stack the new stack pointer, or 0 to keep the parent's
     */
    record Request(long flags, long stack, long parentTid, long childTid, long pidFd, int exitSignal, long tls) {
        boolean has(long flag) {
            return (flags & flag) != 0;
        }
    }

    private Clone() {}

    /** @return the child's ID in the parent, or a negated error number */
    static long clone(Task parent, Request request) {
        int wrong = check(parent, request);
        if (wrong != 0) {
            return wrong;
        }
        if (parent.interrupted()) {
            return -ERESTARTNOINTR;
        }
        if (!mayHaveMore(parent) || !parent.group().run().acquireTask()) {
            return -EAGAIN;
        }
        int id = parent.layer().processes().allocate();
        if (id < 0) {
            parent.group().run().releaseTask(0);
            return -EAGAIN;
        }
        Task child;
        try {
            child = copy(parent, request, id);
        } catch (RuntimeException | Error e) {
            parent.group().run().releaseTask(0);
            throw e;
        }
        VforkWait vfork = request.has(CLONE_VFORK) ? new VforkWait() : null;
        child.vforkWait = vfork;
        if (request.has(CLONE_PARENT_SETTID)) {
            store(parent, request.parentTid, id);
        }
        if (request.has(CLONE_PIDFD)) {
            try {
                store(parent, request.pidFd, parent.files().install(new PidDescription(child.group(), 0), true));
            } catch (SystemCallException e) {
                discard(child);
                throw e;
            }
        }
        if (!publish(parent, child, request)) {
            discard(child);
            return -ERESTARTNOINTR;
        }
        parent.group().run().statistics().cloned(request.has(CLONE_THREAD));
        launch(parent, child);
        if (vfork != null) {
            parent.blockKillable(vfork.queue, () -> vfork.done);
        }
        return id;
    }

    /** Nobody knows it yet. */
    private static void discard(Task child) {
        child.mm().release();
        child.files().release();
        child.group().run().releaseTask(0);
    }

    /** Where the host has no thread for it, it is killed before it runs. */
    private static void launch(Task parent, Task child) {
        try {
            parent.layer().launch(child);
        } catch (OutOfMemoryError e) {
            parent.layer().outOfThreads(child);
            GroupExit.begin(child.group(), SIGKILL);
            boolean shared = child.mm() == parent.mm();
            if (!shared) {
                child.mm().space().turn().take(child.cpu()::requestAttention);
            }
            TaskExit.exit(child);
            if (shared) {
                parent.mm().space().turn().take(parent.cpu()::requestAttention);
            }
        }
    }

    private static void store(Task task, long address, int value) {
        try {
            task.memory().put32(address, value);
        } catch (SystemCallException _) {
            // Linux ignores it as well (put_user in kernel_clone)
        }
    }

    private static int check(Task parent, Request r) {
        if (r.has(CLONE_THREAD) && !r.has(CLONE_SIGHAND) || r.has(CLONE_SIGHAND) && !r.has(CLONE_VM)
                || r.has(CLONE_SIGHAND) && r.has(CLONE_CLEAR_SIGHAND) || r.has(CLONE_THREAD) && r.has(CLONE_PIDFD) && r.has(CLONE_DETACHED)
                || r.has(CLONE_NEWNS) && r.has(CLONE_FS)) {
            return -EINVAL;
        }
        if ((r.flags & NAMESPACES) != 0) {
            return -EPERM;
        }
        return r.has(CLONE_PARENT) && parent.group().parent == null ? -EINVAL : 0;
    }

    /** RLIMIT_NPROC, which the superuser doesn't have. */
    private static boolean mayHaveMore(Task parent) {
        Credentials who = parent.credentials();
        long limit = parent.group().limits.soft(ResourceLimits.NPROC);
        if (limit == ResourceLimits.INFINITY || who.uid() == 0 || who.has(Credentials.CAP_SYS_RESOURCE) || who.has(Credentials.CAP_SYS_ADMIN)) {
            return true;
        }
        int[] count = {0};
        parent.layer().processes().forEachTask(task -> count[0] += task.alive() && task.credentials().uid() == who.uid() ? 1 : 0);
        return count[0] < limit;
    }

    private static Task copy(Task parent, Request r, int id) {
        Layer layer = parent.layer();
        ThreadGroup group = r.has(CLONE_THREAD) ? parent.group() : new ThreadGroup(layer, parent.group().run(), id);
        FileDescriptorTable files = r.has(CLONE_FILES) ? parent.files().share() : parent.files().fork();
        MemoryDescriptor mm;
        try {
            mm = r.has(CLONE_VM) ? parent.mm().share() : parent.mm().fork();
        } catch (RuntimeException | Error e) {
            files.release();
            throw e;
        }
        FsContext fs = r.has(CLONE_FS) ? parent.fsContext() : parent.fsContext().copy();
        Cpu cpu = new Cpu(mm.space());
        cpu.copyStateFrom(parent.cpu());
        cpu.gpr[RAX] = 0;
        if (r.stack != 0) {
            cpu.gpr[RSP] = r.stack;
        }
        if (r.has(CLONE_SETTLS)) {
            cpu.fsBase = r.tls;
        }
        boolean keepStack = !r.has(CLONE_VM) || r.has(CLONE_VFORK);
        Task child = new Task(layer, id, group, cpu, SignalState.inherit(parent.signals(), keepStack), mm, files, fs, parent.credentials(), parent.name());
        child.inherit(parent);
        if (r.has(CLONE_CHILD_CLEARTID)) {
            child.clearChildTid = r.childTid;
        }
        if (r.has(CLONE_CHILD_SETTID)) {
            if (r.has(CLONE_VM)) {
                store(parent, r.childTid, id);
            } else {
                store(child, r.childTid, id);
            }
        }
        return child;
    }

    /** Makes the child known. False if the parent is to die meanwhile. */
    private static boolean publish(Task parent, Task child, Request r) {
        Processes processes = parent.layer().processes();
        ThreadGroup group = child.group();
        synchronized (processes) {
            if (parent.group().exiting || parent.mustDie()) {
                return false;
            }
            if (!r.has(CLONE_THREAD)) {
                ThreadGroup from = parent.group();
                group.leader = child;
                group.parent = r.has(CLONE_PARENT) ? from.parent : from;
                group.processGroup = from.processGroup;
                group.session = from.session;
                group.actions = r.has(CLONE_SIGHAND) ? from.actions : from.actions.copy();
                if (r.has(CLONE_CLEAR_SIGHAND)) {
                    group.actions.resetHandlers();
                }
                group.limits = from.limits.copy();
                group.exitSignal = r.has(CLONE_PARENT) ? from.exitSignal : r.exitSignal;
                group.nice = from.nice;
                group.ioPriority = from.ioPriority;
                group.parent.children.add(group);
                processes.use(group.processGroup);
                processes.use(group.session.id());
            }
            group.tasks.add(child);
            processes.add(child);
        }
        return true;
    }
}
