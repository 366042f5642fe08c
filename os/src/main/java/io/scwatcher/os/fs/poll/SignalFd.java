package io.scwatcher.os.fs.poll;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.abi.Signal;
import io.scwatcher.os.fs.OpenFlags;
import io.scwatcher.os.fs.PollEvents;
import io.scwatcher.os.fs.call.Layouts;
import io.scwatcher.os.signal.SignalInfo;
import io.scwatcher.os.signal.Signals;
import io.scwatcher.os.task.Task;
import io.scwatcher.os.wait.WaitQueue;
import java.util.Arrays;

/** Signals as a file: signalfd(2). They are those of the task that made it. */
public final class SignalFd extends AnonymousDescription {
    private static final int RECORD = 128;

    private final Task task;
    private volatile long mask;

    public SignalFd(Task task, long mask, int flags) {
        super("[signalfd]", flags | OpenFlags.O_RDWR);
        this.task = task;
        mask(mask);
    }

    /** The signals that it takes. */
    public void mask(long mask) {
        this.mask = mask & ~Signals.UNBLOCKABLE;
        task.group().signalArrived().wakeAll();
    }

    @Override
    public int read(byte[] to, int offset, int length) {
        int records = length / RECORD;
        if (records == 0) {
            return -Errno.EINVAL;
        }
        int done = 0;
        while (done < records) {
            SignalInfo info = Signals.takePending(task, mask);
            if (info == null) {
                break;
            }
            encode(info, to, offset + done++ * RECORD);
        }
        return done == 0 ? -Errno.EAGAIN : done * RECORD;
    }

    @Override
    public int write(byte[] from, int offset, int length) {
        return -Errno.EINVAL;
    }

    /** struct signalfd_siginfo. */
    private static void encode(SignalInfo info, byte[] to, int at) {
        Arrays.fill(to, at, at + RECORD, (byte) 0);
        Layouts.put32(to, at, info.signal());
        Layouts.put32(to, at + 4, info.errno());
        Layouts.put32(to, at + 8, info.code());
        Layouts.put32(to, at + 12, info.pid());
        Layouts.put32(to, at + 16, info.uid());
        boolean child = info.signal() == Signal.SIGCHLD && info.code() > 0;
        if (child) {
            Layouts.put32(to, at + 40, info.extra());
            Layouts.put64(to, at + 56, info.userTime());
            Layouts.put64(to, at + 64, info.systemTime());
        } else if (info.code() == SignalInfo.SI_TIMER) {
            Layouts.put32(to, at + 12, 0);
            Layouts.put32(to, at + 24, info.extra());
            Layouts.put32(to, at + 32, info.overrun());
        }
        if (info.code() == SignalInfo.SI_QUEUE || info.code() == SignalInfo.SI_TIMER) {
            Layouts.put32(to, at + 44, (int) info.address());
            Layouts.put64(to, at + 48, info.address());
        }
    }

    @Override
    public int poll() {
        return (Signals.pending(task) & mask) != 0 ? PollEvents.POLLIN : 0;
    }

    @Override
    public WaitQueue waitQueue() {
        return task.group().signalArrived();
    }

    /** For /proc/self/fdinfo. */
    public String describe() {
        return String.format("sigmask:\t%016x\n", mask);
    }
}
