package io.scwatcher.os.task;

import io.scwatcher.os.Layer;
import io.scwatcher.os.Run;
import io.scwatcher.os.signal.PendingSignals;
import io.scwatcher.os.signal.SignalActions;
import io.scwatcher.os.time.ProcessTimers;
import io.scwatcher.os.wait.WaitQueue;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A process: the threads that one exit_group(2) ends (struct signal_struct). Guarded by the lock of the process table, unless said otherwise. */
public final class ThreadGroup {
    private final Layer layer;
    private final Run run;
    private final int id;
    private final PendingSignals pending = new PendingSignals();
    private final ProcessTimers timers;
    private final WaitQueue childWait = new WaitQueue();
    private final WaitQueue changed = new WaitQueue();
    private final WaitQueue signalArrived = new WaitQueue();

    /** Alive threads; a dead leader is not among them. */
    final List<Task> tasks = new ArrayList<>(1);
    final Set<ThreadGroup> children = new LinkedHashSet<>();

    volatile Task leader;
    volatile ThreadGroup parent;
    volatile int processGroup;
    volatile Session session;
    volatile SignalActions actions;
    volatile ResourceLimits limits;

    /** SIGNAL_GROUP_EXIT: all threads are to die; {@link #status} is decided. */
    volatile boolean exiting;
    volatile boolean zombie;

    /** As wait4(2) reports it. */
    int status;

    /** Stopped by a signal: threads stop, until SIGCONT. */
    volatile boolean stopRequested;
    int stopSignal;
    int stoppedTasks;
    volatile boolean stopped;

    /** What wait4(2) with WUNTRACED, WCONTINUED has still to report. */
    boolean stopUnreported;
    boolean continueUnreported;

    /** Whether it called execve(2) since it was forked: setpgid(2) on it fails with EACCES. */
    boolean executed;

    /** A thread that waits for all others to end, in execve(2). */
    volatile Task execTask;

    /** The signal for the parent at the end; 0 for none, SIGCHLD usually. */
    int exitSignal;

    /** prctl(PR_SET_PDEATHSIG). */
    int parentDeathSignal;

    boolean childSubreaper;
    int nice;
    int ioPriority;

    /** Times of threads that ended, and of children that were waited for, with their children; nanoseconds. */
    long deadUser, deadSystem, childrenUser, childrenSystem;
    long peakPages, childrenPeakPages;
    final long startTime = System.nanoTime();

    ThreadGroup(Layer layer, Run run, int id) {
        this.layer = layer;
        this.run = run;
        this.id = id;
        this.timers = new ProcessTimers(this);
    }

    public Layer layer() {
        return layer;
    }

    /** Which command of the layer's user it belongs to. */
    public Run run() {
        return run;
    }

    /** The process ID: getpid(2). */
    public int id() {
        return id;
    }

    /** The thread whose ID is the process's; dead before the others, perhaps. Readable without lock. */
    public Task leader() {
        return leader;
    }

    /** Null for the first process of a run. Readable without lock. */
    public ThreadGroup parent() {
        return parent;
    }

    /** getppid(2): 1 where init would be. */
    public int parentId() {
        ThreadGroup p = parent;
        return p == null ? 1 : p.id;
    }

    /** Alive threads, as a copy. */
    public List<Task> tasks() {
        synchronized (layer.processes()) {
            return List.copyOf(tasks);
        }
    }

    int taskCount() {
        synchronized (layer.processes()) {
            return tasks.size();
        }
    }

    /** getpgid(2). Readable without lock. */
    public int processGroup() {
        return processGroup;
    }

    /** Readable without lock. */
    public Session session() {
        return session;
    }

    /** Signals for any of the threads. */
    public PendingSignals pending() {
        return pending;
    }

    public SignalActions actions() {
        return actions;
    }

    /** Readable without lock. */
    public ResourceLimits limits() {
        return limits;
    }

    /** Whether all threads are to die. Readable without lock. */
    public boolean exiting() {
        return exiting;
    }

    /** Whether it only waits for its parent to ask. Readable without lock. */
    public boolean zombie() {
        return zombie;
    }

    /** Readable without lock. */
    public boolean stopped() {
        return stopped;
    }

    public boolean stopRequested() {
        return stopRequested;
    }

    public boolean executed() {
        return executed;
    }

    /** Woken when a child changes its state: what wait4(2) sleeps on. */
    public WaitQueue childWait() {
        return childWait;
    }

    /** Woken when a stopped process continues or a thread ends. */
    WaitQueue changed() {
        return changed;
    }

    /** Woken when a signal arrives, even a blocked one: signalfd. */
    public WaitQueue signalArrived() {
        return signalArrived;
    }

    public ProcessTimers timers() {
        return timers;
    }

    /** The real user ID of its leader. */
    public int userId() {
        return leader.credentials().uid();
    }

    /** Processor time of all its threads, also dead ones, without its children; nanoseconds. */
    public long userNanos() {
        synchronized (layer.processes()) {
            long sum = deadUser;
            for (Task task : tasks) {
                sum += task.cpuTime().user();
            }
            return sum;
        }
    }

    public long systemNanos() {
        synchronized (layer.processes()) {
            long sum = deadSystem;
            for (Task task : tasks) {
                sum += task.cpuTime().system();
            }
            return sum;
        }
    }

    long userTicks() {
        return userNanos() / 10_000_000;
    }

    long systemTicks() {
        return systemNanos() / 10_000_000;
    }

    /** How long it exists, nanoseconds of {@link System#nanoTime} at its start. */
    public long startTime() {
        return startTime;
    }

    public int nice() {
        return nice;
    }
}
