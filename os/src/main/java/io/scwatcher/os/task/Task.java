package io.scwatcher.os.task;

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

/**
 * A thread of a guest program: struct task_struct. It runs on a Java thread of its own. Fields without another rule are written by that thread
 * alone. While it runs guest code or a system call it holds the turn of its address space, except while it sleeps.
 */
public final class Task {
    /** A deadline that never comes. */
    public static final long NEVER = Long.MAX_VALUE;

    private final Layer layer;
    private final int id;
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

    private volatile Thread thread;
    private volatile boolean interrupted;

    /** Whom to tell at the end, by a futex: set_tid_address(2), CLONE_CHILD_CLEARTID; 0 for nobody. */
    long clearChildTid;

    /** get_robust_list(2). */
    long robustList;

    /** The signal for the parent when the thread group ends; 0 for none. Of leaders only. */
    int exitSignal;

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

    void setFiles(FileDescriptorTable files) {
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
        if (ready.getAsBoolean()) {
            return Wakeup.READY;
        }
        queue.register(waiter);
        try {
            return sleep(deadline, ready);
        } finally {
            queue.unregister(waiter);
        }
    }

    /** To register on several queues before {@link #sleep}; to be unregistered afterwards. */
    public Waiter waiter() {
        return waiter;
    }

    /** Sleeps until {@code ready} holds, as {@link #block}, on queues where {@link #waiter} is registered. */
    public Wakeup sleep(long deadline, BooleanSupplier ready) {
        mm.space().turn().leave();
        cpuTime.pause();
        try {
            while (true) {
                if (ready.getAsBoolean()) {
                    return Wakeup.READY;
                }
                if (interrupted) {
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
