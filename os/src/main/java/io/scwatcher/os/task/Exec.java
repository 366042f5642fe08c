package io.scwatcher.os.task;

import static io.scwatcher.os.abi.Errno.EAGAIN;
import static io.scwatcher.os.abi.Signal.SIGCHLD;
import static io.scwatcher.os.abi.Signal.SIGSEGV;

import io.scwatcher.cpu.CpuFeatures;
import io.scwatcher.cpu.memory.AddressSpace;
import io.scwatcher.os.elf.Loader;
import io.scwatcher.os.elf.Program;
import io.scwatcher.os.fs.FileDescription;
import io.scwatcher.os.fs.FileStatus;
import io.scwatcher.os.fs.Mount;
import io.scwatcher.os.fs.Opening;
import io.scwatcher.os.fs.OpenFlags;
import io.scwatcher.os.fs.Permissions;
import io.scwatcher.os.mm.MemoryDescriptor;
import io.scwatcher.os.signal.SignalCalls;
import io.scwatcher.os.syscall.SystemCallException;
import java.util.List;

/** execve(2): bprm_execve, begin_new_exec and de_thread of fs/exec.c (6.12). */
final class Exec {
    private static final int RSP = 4;

    private Exec() {}

    /**
     * Replaces the program of the task. With the turn of its address space; afterwards with that of the new one.
     *
     * @param directory a descriptor or AT_FDCWD
     * @param flags AT_EMPTY_PATH, AT_SYMLINK_NOFOLLOW
     * @return 0, or a negated error number with the old program untouched
     * @throws SystemCallException likewise
     */
    static int execute(Task task, int directory, String path, List<String> arguments, List<String> environment, int flags) {
        boolean byDescriptor = directory != OpenFlags.AT_FDCWD && !path.startsWith("/");
        String name = !byDescriptor ? path : "/dev/fd/" + directory + (path.isEmpty() ? "" : "/" + path);
        FileDescription file = open(task, directory, path, flags);
        boolean nameReaches = !byDescriptor || !task.files().closesOnExec(directory);
        long stackLimit = task.group().limits.soft(ResourceLimits.STACK);
        try (Program program = Program.open(file, name, nameReaches, arguments, environment,
                interpreter -> open(task, OpenFlags.AT_FDCWD, interpreter, 0), stackLimit)) {
            if (!killOthers(task)) {
                return -EAGAIN;
            }
            replace(task, program, stackLimit);
            task.group().run().statistics().executed();
            task.setName(path.isEmpty() ? Integer.toString(directory) : path.substring(path.lastIndexOf('/') + 1));
            return 0;
        }
    }

    private static FileDescription open(Task task, int directory, String path, int flags) {
        Opening opening = new Opening(task);
        int error = opening.openProgram(directory, path, flags);
        if (error != 0) {
            throw SystemCallException.of(-error);
        }
        return opening.file();
    }

    /** All other threads of the process die; this one becomes the leader. False if somebody else was faster. */
    private static boolean killOthers(Task task) {
        ThreadGroup group = task.group();
        Processes processes = task.layer().processes();
        synchronized (processes) {
            if (group.exiting || task.mustDie()) {
                return false;
            }
            for (Task other : group.tasks) {
                if (other != task) {
                    other.setMustDie();
                    other.setInterrupted(true);
                }
            }
        }
        if (!task.blockKillable(group.changed(), () -> group.taskCount() == 1)) {
            return false;
        }
        synchronized (processes) {
            if (group.leader != task) {
                processes.remove(task);
                task.takeId(group.id());
                group.leader = task;
                processes.replace(task);
            }
        }
        return true;
    }

    private static void replace(Task task, Program program, long stackLimit) {
        ThreadGroup group = task.group();
        Credentials credentials = credentialsFor(task, program.file());
        boolean secure = credentials.euid() != credentials.uid() || credentials.egid() != credentials.gid();
        AddressSpace space = new AddressSpace(group.run().account());
        space.setLimits(stackLimit < 0 ? Long.MAX_VALUE : stackLimit, asLimit(group));
        MemoryDescriptor mm = new MemoryDescriptor(space);
        mm.setStackLimit(stackLimit);
        space.turn().take(task.cpu()::requestAttention);
        Loader.Start start;
        try {
            start = Loader.load(mm, program, credentials, secure, CpuFeatures.hwcap(), SignalCalls.minimumStackSize(), task.layer().random(16));
        } catch (SystemCallException e) {
            // too late to return to the old program
            mm.release();
            space.turn().leave();
            GroupExit.begin(group, SIGSEGV);
            return;
        }
        TaskExit.releaseMemory(task);
        MemoryDescriptor old = task.mm();
        group.peakPages = Math.max(group.peakPages, old.peakPages());
        task.setMm(mm);
        old.release();
        old.space().turn().leave();

        task.cpu().resetForExec(space);
        task.cpu().rip = start.rip();
        task.cpu().gpr[RSP] = start.rsp();
        task.setCredentials(credentials);
        if (task.files().shared()) {
            var own = task.files().fork();
            task.files().release();
            task.setFiles(own);
        }
        task.files().closeOnExec();
        group.timers().deletePosixTimers();
        synchronized (task.layer().processes()) {
            group.actions = group.actions.copy();
            group.actions.resetHandlers();
            task.signals().forgetStack();
            group.executed = true;
            group.exitSignal = SIGCHLD;
            if (secure) {
                group.parentDeathSignal = 0;
            }
        }
        task.leaveSystemCall();
    }

    private static long asLimit(ThreadGroup group) {
        long limit = group.limits.soft(ResourceLimits.AS);
        return limit < 0 ? Long.MAX_VALUE : limit;
    }

    /** bprm_fill_uid of fs/exec.c, and cap_bprm_creds_from_file of security/commoncap.c without file capabilities. */
    private static Credentials credentialsFor(Task task, FileDescription file) {
        Credentials old = task.credentials();
        FileStatus status = file.status();
        int euid = old.euid();
        int egid = old.egid();
        boolean honoured = !task.noNewPrivileges() && (file.location().mount().flags() & Mount.NO_SUID) == 0;
        if (honoured && (status.mode() & Permissions.SET_UID) != 0) {
            euid = status.uid();
        }
        if (honoured && (status.mode() & (Permissions.SET_GID | 0010)) == (Permissions.SET_GID | 0010)) {
            egid = status.gid();
        }
        Credentials made = old.withUsers(old.uid(), euid, euid, euid).withGroups(old.gid(), egid, egid, egid);
        boolean changed = euid != old.euid() || egid != old.egid();
        long ambient = changed ? 0 : old.ambient();
        boolean superuser = euid == 0 || old.uid() == 0;
        long permitted = superuser ? old.bounding() | old.inheritable() : ambient;
        long effective = euid == 0 ? permitted : ambient;
        return made.withCapabilities(old.inheritable(), permitted, effective, old.bounding(), superuser ? 0 : ambient).withSecureBits(old.secureBits() & ~16);
    }
}
