package io.scwatcher.os.task;

import static io.scwatcher.os.abi.Errno.EINTR;
import static io.scwatcher.os.abi.Errno.ERESTART_RESTARTBLOCK;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.os.Layer;
import io.scwatcher.os.fs.FileDescriptorTable;
import io.scwatcher.os.fs.FsContext;
import io.scwatcher.os.mm.MemoryDescriptor;
import io.scwatcher.os.mm.UserMemory;
import io.scwatcher.os.signal.SignalState;
import io.scwatcher.os.wait.WaitQueue;
import io.scwatcher.os.wait.Waiter;
import io.scwatcher.os.wait.Wakeup;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * A thread of a guest program: struct task_struct. It runs on a Java thread of its own. Fields without another rule are written by that thread
 * alone. While it runs guest code or a system call it holds the turn of its address space, except while it sleeps.
 */
public final class Task {
    /** A deadline that never comes. */
    public static final long NEVER = Long.MAX_VALUE;

    private static final int MOST_KEPT = 1 << 17;

    private final Layer layer;
    private volatile int id;
    private final ThreadGroup group;
    private final Cpu cpu;
    private final SignalState signals;
    private final CpuTime cpuTime = new CpuTime();
    private final Waiter waiter = this::unpark;

    private MemoryDescriptor mm;
    private FileDescriptorTable files;
    private FsContext fsContext;
    private volatile Credentials credentials;
    private volatile String name;

    private final Scheduling scheduling = new Scheduling();
    private boolean noNewPrivileges;
    int personality;
    long timerSlack = 50_000;

    private volatile Thread thread;
    private volatile boolean interrupted;

    /** The number of the system call under way (orig_ax), or -1. */
    private long systemCallNumber = -1;

    /** What restart_syscall(2) goes on with, or null. */
    private LongSupplier restart;

    private volatile boolean alive = true;
    private volatile boolean mustDie;
    private boolean exits;
    private int exitCode;

    private byte[] transferBuffer = {};

    /** Whom to tell at the end, by a futex: set_tid_address(2), CLONE_CHILD_CLEARTID; 0 for nobody. */
    long clearChildTid;

    /** get_robust_list(2). */
    long robustList;

    /** What a vfork parent waits for: set once the child no longer uses its memory. */
    VforkWait vforkWait;

    Task(Layer layer, int id, ThreadGroup group, Cpu cpu, SignalState signals, MemoryDescriptor mm, FileDescriptorTable files, FsContext fsContext,
         Credentials credentials, String name) {
        this.layer = layer;
        this.id = id;
        this.group = group;
        this.cpu = cpu;
        this.signals = signals;
        this.mm = mm;
        this.files = files;
        this.fsContext = fsContext;
        this.credentials = credentials;
        this.name = name;
    }

    public Layer layer() {
        return layer;
    }

    /** The thread ID: gettid(2). */
    public int id() {
        return id;
    }

    /** The process that the thread belongs to. */
    public ThreadGroup group() {
        return group;
    }

    public Cpu cpu() {
        return cpu;
    }

    public SignalState signals() {
        return signals;
    }

    public CpuTime cpuTime() {
        return cpuTime;
    }

    /**
     * Room for one transfer between a file and the program's memory, with anything in it. Programs read many small files into large buffers.
     *
     * @param size at least that many bytes
     */
    public byte[] transferBuffer(int size) {
        if (size > MOST_KEPT) {
            return new byte[size];
        }
        if (transferBuffer.length < size) {
            transferBuffer = new byte[Math.max(256, Integer.highestOneBit(size - 1) << 1)];
        }
        return transferBuffer;
    }

    public MemoryDescriptor mm() {
        return mm;
    }

    /** The program's memory, for copies. */
    public UserMemory memory() {
        return mm.user();
    }

    public FileDescriptorTable files() {
        return files;
    }

    public FsContext fsContext() {
        return fsContext;
    }

    public Credentials credentials() {
        return credentials;
    }

    public void setCredentials(Credentials credentials) {
        this.credentials = credentials;
    }

    /** {@code comm}: at most 15 characters. */
    public String name() {
        return name;
    }

    public void setName(String name) {
        this.name = name.length() > 15 ? name.substring(0, 15) : name;
    }

    /** The old program is gone: another address space. */
    void setMm(MemoryDescriptor mm) {
        this.mm = mm;
    }

    /** execve(2) by another thread than the leader: it becomes the leader, with its ID. */
    void takeId(int newId) {
        id = newId;
    }

    /** What fork(2) and clone(2) copy besides. */
    void inherit(Task parent) {
        noNewPrivileges = parent.noNewPrivileges;
        personality = parent.personality;
        timerSlack = parent.timerSlack;
        scheduling.copyFrom(parent.scheduling);
    }

    /** prctl(PR_SET_NO_NEW_PRIVS). */
    public boolean noNewPrivileges() {
        return noNewPrivileges;
    }

    void setNoNewPrivileges() {
        noNewPrivileges = true;
    }

    Scheduling scheduling() {
        return scheduling;
    }

    public void setFiles(FileDescriptorTable files) {
        this.files = files;
    }

    void setFsContext(FsContext fsContext) {
        this.fsContext = fsContext;
    }

    /**
     * Sleeps until {@code ready} holds; for one queue. The turn is free meanwhile.
     *
     * @param deadline of {@link System#nanoTime}, or {@link #NEVER}
     * @param ready looked at first, and again whenever the queue is woken
     */
    public Wakeup block(WaitQueue queue, long deadline, BooleanSupplier ready) {
        return block(queue, deadline, ready, true);
    }

    private Wakeup block(WaitQueue queue, long deadline, BooleanSupplier ready, boolean interruptible) {
        if (ready.getAsBoolean()) {
            return Wakeup.READY;
        }
        queue.register(waiter);
        try {
            return sleep(deadline, ready, interruptible);
        } finally {
            queue.unregister(waiter);
        }
    }

    /** Likewise, but only death ends it early, not every signal: TASK_KILLABLE. False if the task is to die. */
    boolean blockKillable(WaitQueue queue, BooleanSupplier ready) {
        return block(queue, NEVER, () -> ready.getAsBoolean() || dies(), false) == Wakeup.READY && !dies();
    }

    private boolean dies() {
        return group.exiting() || mustDie;
    }

    /** To register on several queues before {@link #sleep}; to be unregistered afterwards. */
    public Waiter waiter() {
        return waiter;
    }

    /** Sleeps until {@code ready} holds, as {@link #block}, on queues where {@link #waiter} is registered. */
    public Wakeup sleep(long deadline, BooleanSupplier ready) {
        return sleep(deadline, ready, true);
    }

    private Wakeup sleep(long deadline, BooleanSupplier ready, boolean interruptible) {
        mm.space().turn().leave();
        cpuTime.pause();
        try {
            while (true) {
                if (ready.getAsBoolean()) {
                    return Wakeup.READY;
                }
                if (interrupted && interruptible) {
                    return Wakeup.INTERRUPTED;
                }
                if (deadline == NEVER) {
                    LockSupport.park(this);
                } else {
                    long left = deadline - System.nanoTime();
                    if (left <= 0) {
                        return Wakeup.TIMED_OUT;
                    }
                    LockSupport.parkNanos(this, left);
                }
            }
        } finally {
            mm.space().turn().take(cpu::requestAttention);
            cpuTime.resume();
        }
    }

    /** TIF_SIGPENDING: a signal is to be handled or the task is to die, so that sleeping is over. */
    public boolean interrupted() {
        return interrupted;
    }

    /** Sets or clears {@link #interrupted}. With the lock of the process table held. */
    public void setInterrupted(boolean interrupted) {
        this.interrupted = interrupted;
        if (interrupted) {
            cpu.requestAttention();
            unpark();
        }
    }

    /** Lets other threads of the address space run, and other tasks. */
    public void yield() {
        mm.space().turn().leave();
        cpuTime.pause();
        Thread.yield();
        mm.space().turn().take(cpu::requestAttention);
        cpuTime.resume();
    }

    /** Whether the system call whose result is in RAX may still be restarted. */
    public boolean inSystemCall() {
        return systemCallNumber >= 0;
    }

    public long systemCallNumber() {
        return systemCallNumber;
    }

    void enterSystemCall(long number) {
        systemCallNumber = number;
    }

    /** From now on the registers are the program's; nothing is restarted. */
    public void leaveSystemCall() {
        systemCallNumber = -1;
    }

    /**
     * A system call that sleeps for a relative time was interrupted.
     *
     * @param rest what restart_syscall(2) is to do
     * @return what the handler returns
     */
    public long restartBy(LongSupplier rest) {
        restart = rest;
        return -ERESTART_RESTARTBLOCK;
    }

    /** restart_syscall(2). */
    public long restart() {
        LongSupplier rest = restart;
        restart = null;
        return rest == null ? -EINTR : rest.getAsLong();
    }

    /** Whether it has not ended. */
    public boolean alive() {
        return alive;
    }

    void setDead() {
        alive = false;
    }

    /** Whether it alone is to die: another thread of the process calls execve(2). */
    public boolean mustDie() {
        return mustDie;
    }

    void setMustDie() {
        mustDie = true;
    }

    /** The task ends as soon as it is on the way back to its program; by itself, so only from its own thread. */
    public void exitThread(int code) {
        exits = true;
        exitCode = code;
    }

    /** Whether {@link #exitThread} was called. */
    public boolean exits() {
        return exits;
    }

    int exitCode() {
        return exitCode;
    }

    /** The head of the list of robust futexes that it holds, or 0. */
    public long robustList() {
        return robustList;
    }

    public void setRobustList(long head) {
        robustList = head;
    }

    void setThread(Thread thread) {
        this.thread = thread;
    }

    private void unpark() {
        LockSupport.unpark(thread);
    }

    @Override
    public String toString() {
        return name + "[" + id + "]";
    }
}
