package io.scwatcher.os.fs.poll;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.fs.Inode;
import io.scwatcher.os.fs.InodeWatch;
import io.scwatcher.os.fs.OpenFlags;
import io.scwatcher.os.fs.PollEvents;
import io.scwatcher.os.fs.call.Layouts;
import io.scwatcher.os.syscall.SystemCallException;
import io.scwatcher.os.task.Task;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Events of files and directories as a file: inotify(7). Events come from file systems in memory; those that show another system are silent, as /proc is in Linux. */
public final class Inotify extends AnonymousDescription {
    public static final int IN_IGNORED = 0x8000, IN_Q_OVERFLOW = 0x4000, IN_ONESHOT = 0x8000_0000, IN_MASK_ADD = 0x2000_0000, IN_MASK_CREATE = 0x1000_0000;
    private static final int ALL_EVENTS = 0xfff, IN_ISDIR = 0x4000_0000;
    private static final int HEADER = 16;
    /** fs.inotify.max_queued_events, max_user_watches. */
    private static final int MAX_QUEUED = 16_384, MAX_WATCHES = 8192;
    private static final int FIONREAD = 0x541b;

    private record Event(int watch, int mask, int cookie, byte[] name) {
        int size() {
            return HEADER + (name.length == 0 ? 0 : name.length + 16 & -16);
        }
    }

    private final class Watch implements InodeWatch {
        private final Inode inode;
        private final int number;
        private int mask;

        Watch(Inode inode, int number) {
            this.inode = inode;
            this.number = number;
        }

        @Override
        public void happened(int event, int cookie, String name, boolean directory) {
            boolean gone = event == InodeWatch.DELETE_SELF;
            synchronized (Inotify.this) {
                if ((mask & event) != 0) {
                    enqueue(new Event(number, event | (directory && !gone ? IN_ISDIR : 0), cookie, name == null ? new byte[0] : name.getBytes(StandardCharsets.ISO_8859_1)));
                    gone |= (mask & IN_ONESHOT) != 0;
                }
                if (gone) {
                    forget(this);
                }
            }
            queue.wakeAll();
        }
    }

    private final Map<Integer, Watch> watches = new HashMap<>();
    private final Map<Inode, Watch> byInode = new HashMap<>();
    private final ArrayDeque<Event> events = new ArrayDeque<>();
    private int lastNumber;

    public Inotify(int flags) {
        super("inotify", flags | OpenFlags.O_RDONLY);
    }

    /**
     * inotify_add_watch(2).
     *
     * @return the watch's number; that of the present one if the inode is watched already
     * @throws SystemCallException ENOSPC, EEXIST
     */
    public synchronized int add(Inode inode, int mask) {
        Watch watch = byInode.get(inode);
        if (watch == null) {
            if (watches.size() >= MAX_WATCHES) {
                throw SystemCallException.of(Errno.ENOSPC);
            }
            watch = new Watch(inode, ++lastNumber);
            watches.put(watch.number, watch);
            byInode.put(inode, watch);
            inode.watch(watch);
        } else if ((mask & IN_MASK_CREATE) != 0) {
            throw SystemCallException.of(Errno.EEXIST);
        }
        int wanted = mask & (ALL_EVENTS | IN_ONESHOT);
        watch.mask = (mask & IN_MASK_ADD) != 0 ? watch.mask | wanted : wanted;
        return watch.number;
    }

    /** inotify_rm_watch(2). @throws SystemCallException EINVAL */
    public void remove(int number) {
        synchronized (this) {
            Watch watch = watches.get(number);
            if (watch == null) {
                throw SystemCallException.of(Errno.EINVAL);
            }
            forget(watch);
        }
        queue.wakeAll();
    }

    private void forget(Watch watch) {
        if (watches.remove(watch.number) != null) {
            byInode.remove(watch.inode);
            watch.inode.unwatch(watch);
            enqueue(new Event(watch.number, IN_IGNORED, 0, new byte[0]));
        }
    }

    /** An event like the last one says nothing new. */
    private void enqueue(Event event) {
        Event last = events.peekLast();
        boolean repeated = last != null && last.watch == event.watch && last.mask == event.mask && last.cookie == event.cookie
                && Arrays.equals(last.name, event.name);
        if (repeated || events.size() > MAX_QUEUED) {
            return;
        }
        events.add(events.size() == MAX_QUEUED ? new Event(-1, IN_Q_OVERFLOW, 0, new byte[0]) : event);
    }

    @Override
    public synchronized int read(byte[] to, int offset, int length) {
        int used = 0;
        while (!events.isEmpty() && events.peek().size() <= length - used) {
            Event event = events.remove();
            int at = offset + used;
            int size = event.size();
            Arrays.fill(to, at, at + size, (byte) 0);
            Layouts.put32(to, at, event.watch);
            Layouts.put32(to, at + 4, event.mask);
            Layouts.put32(to, at + 8, event.cookie);
            Layouts.put32(to, at + 12, size - HEADER);
            System.arraycopy(event.name, 0, to, at + HEADER, event.name.length);
            used += size;
        }
        return used > 0 ? used : events.isEmpty() ? -Errno.EAGAIN : -Errno.EINVAL;
    }

    @Override
    public synchronized int poll() {
        return events.isEmpty() ? 0 : PollEvents.READABLE;
    }

    @Override
    public long ioctl(Task task, int request, long argument) {
        if (request != FIONREAD) {
            return super.ioctl(task, request, argument);
        }
        int bytes;
        synchronized (this) {
            bytes = events.stream().mapToInt(Event::size).sum();
        }
        task.memory().put32(argument, bytes);
        return 0;
    }

    @Override
    protected synchronized void closed() {
        watches.values().forEach(watch -> watch.inode.unwatch(watch));
        watches.clear();
    }
}
