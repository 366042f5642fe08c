package io.scwatcher.os.fs.call;

import static io.scwatcher.os.syscall.Argument.FD;
import static io.scwatcher.os.syscall.Argument.HEX;
import static io.scwatcher.os.syscall.Argument.INT;
import static io.scwatcher.os.syscall.Argument.POINTER;
import static io.scwatcher.os.syscall.Argument.SIGNAL_SET;
import static io.scwatcher.os.syscall.Argument.SIZE;
import static io.scwatcher.os.syscall.Argument.TIMESPEC;
import static io.scwatcher.os.syscall.Argument.UNSIGNED;
import static io.scwatcher.os.syscall.Argument.args;
import static io.scwatcher.os.syscall.Argument.flags;
import static io.scwatcher.os.syscall.Argument.oneOf;
import static io.scwatcher.os.syscall.Support.FULL;
import static io.scwatcher.os.syscall.Support.PARTIAL;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.fs.FileDescription;
import io.scwatcher.os.fs.OpenFlags;
import io.scwatcher.os.fs.poll.EventFd;
import io.scwatcher.os.fs.poll.EventPoll;
import io.scwatcher.os.fs.poll.SignalFd;
import io.scwatcher.os.fs.poll.TimerFd;
import io.scwatcher.os.syscall.SystemCallException;
import io.scwatcher.os.syscall.SystemCallTable;
import io.scwatcher.os.task.Task;
import io.scwatcher.os.time.ClockId;
import io.scwatcher.os.time.TimeSpec;
import java.util.List;

/** epoll, eventfd, signalfd, timerfd. */
public final class EventCalls {
    private static final int EPOLL_CTL_ADD = 1, EPOLL_CTL_DEL = 2, EPOLL_CTL_MOD = 3;
    /** struct epoll_event is packed: events, data. */
    private static final int EPOLL_EVENT = 12;
    private static final int EFD_SEMAPHORE = 1;
    private static final int NONBLOCK_AND_CLOEXEC = OpenFlags.O_NONBLOCK | OpenFlags.O_CLOEXEC;
    private static final int TIMER_ABSTIME = 1, TIMER_CANCEL_ON_SET = 2;
    private static final int MAX_EVENTS = Integer.MAX_VALUE / EPOLL_EVENT;
    private static final int EVENTS_AT_ONCE = 4096;

    private EventCalls() {}

    public static void register(SystemCallTable.Builder table) {
        table.call(213, "epoll_create", args(INT), FULL, (task, size, _, _, _, _, _) ->
                (int) size <= 0 ? -Errno.EINVAL : task.files().install(new EventPoll(), false));
        table.call(291, "epoll_create1", args(OpenCalls.OPEN_FLAGS), FULL, (task, flags, _, _, _, _, _) ->
                (flags & ~OpenFlags.O_CLOEXEC) != 0 ? -Errno.EINVAL : task.files().install(new EventPoll(), flags != 0));
        table.call(233, "epoll_ctl", args(FD, oneOf(null, "EPOLL_CTL_ADD", "EPOLL_CTL_DEL", "EPOLL_CTL_MOD"), FD, POINTER), PARTIAL,
                "EPOLLEXCLUSIVE wakes all that wait", (task, epoll, operation, fd, event, _, _) -> control(task, (int) epoll, (int) operation, (int) fd, event));
        table.call(232, "epoll_wait", args(FD, POINTER, INT, INT), FULL, (task, fd, events, maximum, timeout, _, _) ->
                await(task, (int) fd, events, (int) maximum, Timeouts.deadlineMillis((int) timeout)));
        table.call(281, "epoll_pwait", args(FD, POINTER, INT, INT, SIGNAL_SET, SIZE), FULL, (task, fd, events, maximum, timeout, mask, size) -> {
            long deadline = Timeouts.deadlineMillis((int) timeout);
            return Timeouts.masked(task, mask, size, 0, deadline, false, () -> await(task, (int) fd, events, (int) maximum, deadline));
        });
        table.call(441, "epoll_pwait2", args(FD, POINTER, INT, TIMESPEC, SIGNAL_SET, SIZE), FULL, (task, fd, events, maximum, timeout, mask, size) -> {
            long deadline = Timeouts.deadline(task, timeout);
            return Timeouts.masked(task, mask, size, 0, deadline, false, () -> await(task, (int) fd, events, (int) maximum, deadline));
        });
        table.call(284, "eventfd", args(UNSIGNED), FULL, (task, count, _, _, _, _, _) -> task.files().install(new EventFd((int) count, 0, false), false));
        table.call(290, "eventfd2", args(UNSIGNED, OpenCalls.OPEN_FLAGS), FULL, (task, count, flags, _, _, _, _) ->
                (flags & ~(NONBLOCK_AND_CLOEXEC | EFD_SEMAPHORE)) != 0 ? -Errno.EINVAL
                        : install(task, new EventFd((int) count, (int) flags & OpenFlags.O_NONBLOCK, (flags & EFD_SEMAPHORE) != 0), flags));
        table.call(282, "signalfd", args(FD, SIGNAL_SET, SIZE), FULL, (task, fd, mask, size, _, _, _) -> signalfd(task, (int) fd, mask, size, 0));
        table.call(289, "signalfd4", args(FD, SIGNAL_SET, SIZE, OpenCalls.OPEN_FLAGS), FULL, (task, fd, mask, size, flags, _, _) ->
                signalfd(task, (int) fd, mask, size, (int) flags));
        table.call(283, "timerfd_create", args(INT, OpenCalls.OPEN_FLAGS), FULL, (task, clock, flags, _, _, _, _) -> {
            boolean known = clock == ClockId.REALTIME || clock == ClockId.MONOTONIC || clock == ClockId.BOOTTIME || clock == ClockId.REALTIME_ALARM
                    || clock == ClockId.BOOTTIME_ALARM;
            return (flags & ~NONBLOCK_AND_CLOEXEC) != 0 || !known ? -Errno.EINVAL
                    : install(task, new TimerFd(task.layer().timers(), (int) clock, (int) flags & OpenFlags.O_NONBLOCK), flags);
        });
        table.call(286, "timerfd_settime", args(FD, flags("TFD_TIMER_ABSTIME", "TFD_TIMER_CANCEL_ON_SET"), POINTER, POINTER), FULL,
                (task, fd, flags, wanted, old, _, _) -> setTimer(task, (int) fd, (int) flags, wanted, old));
        table.call(287, "timerfd_gettime", args(FD, POINTER), FULL, (task, fd, out, _, _, _, _) -> {
            tell(task, timer(task, (int) fd), out);
            return 0;
        });
    }

    private static long install(Task task, FileDescription file, long flags) {
        return task.files().install(file, (flags & OpenFlags.O_CLOEXEC) != 0);
    }

    private static EventPoll epoll(Task task, int fd) {
        if (task.files().get(fd) instanceof EventPoll epoll) {
            return epoll;
        }
        throw SystemCallException.of(Errno.EINVAL);
    }

    private static long control(Task task, int epfd, int operation, int fd, long event) {
        int events = 0;
        long data = 0;
        if (operation != EPOLL_CTL_DEL) {
            byte[] raw = task.memory().copyIn(event, EPOLL_EVENT);
            events = Layouts.get32(raw, 0);
            data = Layouts.get64(raw, 4);
        }
        FileDescription own = task.files().get(epfd);
        FileDescription file = task.files().get(fd);
        if (file.waitQueue() == null) {
            return -Errno.EPERM;
        }
        if (own == file) {
            return -Errno.EINVAL;
        }
        EventPoll epoll = epoll(task, epfd);
        switch (operation) {
            case EPOLL_CTL_ADD -> epoll.add(file, fd, events, data);
            case EPOLL_CTL_MOD -> epoll.modify(file, fd, events, data);
            case EPOLL_CTL_DEL -> epoll.remove(file, fd);
            default -> {
                return -Errno.EINVAL;
            }
        }
        return 0;
    }

    private static long await(Task task, int fd, long out, int maximum, long deadline) {
        if (maximum <= 0 || maximum > MAX_EVENTS) {
            return -Errno.EINVAL;
        }
        EventPoll epoll = epoll(task, fd);
        int most = Math.min(maximum, EVENTS_AT_ONCE);
        List<EventPoll.Event> found = epoll.collect(most);
        if (found.isEmpty() && deadline != 0) {
            List<EventPoll.Event>[] later = new List[] {found};
            int result = Transfers.await(task, epoll, epoll.waitQueue(), deadline, () -> (later[0] = epoll.collect(most)).isEmpty() ? -Errno.EAGAIN : 0);
            if (result == -Errno.ERESTARTSYS) {
                return -Errno.EINTR;
            }
            found = later[0];
        }
        byte[] raw = new byte[found.size() * EPOLL_EVENT];
        for (int i = 0; i < found.size(); i++) {
            Layouts.put32(raw, i * EPOLL_EVENT, found.get(i).events());
            Layouts.put64(raw, i * EPOLL_EVENT + 4, found.get(i).data());
        }
        task.memory().copyOut(out, raw);
        return found.size();
    }

    private static long signalfd(Task task, int fd, long mask, long size, int flags) {
        if ((flags & ~NONBLOCK_AND_CLOEXEC) != 0 || size != 8) {
            return -Errno.EINVAL;
        }
        long set = task.memory().get64(mask);
        if (fd == -1) {
            return install(task, new SignalFd(task, set, flags & OpenFlags.O_NONBLOCK), flags);
        }
        if (!(task.files().get(fd) instanceof SignalFd signals)) {
            return -Errno.EINVAL;
        }
        signals.mask(set);
        return fd;
    }

    private static TimerFd timer(Task task, int fd) {
        if (task.files().get(fd) instanceof TimerFd timer) {
            return timer;
        }
        throw SystemCallException.of(Errno.EINVAL);
    }

    /** struct itimerspec: interval, value. */
    private static long setTimer(Task task, int fd, int flags, long wanted, long old) {
        task.memory().copyIn(wanted, 32);
        if ((flags & ~(TIMER_ABSTIME | TIMER_CANCEL_ON_SET)) != 0) {
            return -Errno.EINVAL;
        }
        long interval = TimeSpec.read(task.memory(), wanted);
        long value = TimeSpec.read(task.memory(), wanted + 16);
        TimerFd timer = timer(task, fd);
        if (old != 0) {
            tell(task, timer, old);
        }
        long first = value == 0 ? -1 : (flags & TIMER_ABSTIME) != 0 ? Math.max(0, value - ClockId.now(task, timer.clock())) : value;
        timer.set(first, interval);
        return 0;
    }

    private static void tell(Task task, TimerFd timer, long out) {
        TimeSpec.write(task.memory(), out, timer.interval());
        TimeSpec.write(task.memory(), out + 16, timer.left());
    }
}
