package io.scwatcher.os.fs.poll;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.fs.FileDescription;
import io.scwatcher.os.fs.OpenFlags;
import io.scwatcher.os.fs.PollEvents;
import io.scwatcher.os.syscall.SystemCallException;
import io.scwatcher.os.wait.Waiter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * An epoll instance (epoll(7), fs/eventpoll.c): the files of interest, and those among them that became ready, in the order in which they did. A file is known by
 * the pair of open file and descriptor, and forgotten when the open file is closed for good.
 */
public final class EventPoll extends AnonymousDescription {
    public static final int EPOLLEXCLUSIVE = 1 << 28, EPOLLWAKEUP = 1 << 29, EPOLLONESHOT = 1 << 30, EPOLLET = 1 << 31;
    private static final int PRIVATE_BITS = EPOLLEXCLUSIVE | EPOLLWAKEUP | EPOLLONESHOT | EPOLLET;
    private static final int EXCLUSIVE_ALLOWED = PollEvents.POLLIN | PollEvents.POLLOUT | PollEvents.POLLERR | PollEvents.POLLHUP | EPOLLWAKEUP | EPOLLET | EPOLLEXCLUSIVE;
    /** EP_MAX_NESTS. */
    private static final int MAX_NESTING = 4;
    private static final Object NESTING = new Object();

    private final Map<Key, Item> items = new LinkedHashMap<>();
    /** Guarded by itself, and by nothing that is held when files are asked: they call {@link Item#wake} with their own locks held. */
    private final LinkedHashSet<Item> ready = new LinkedHashSet<>();
    private final Consumer<FileDescription> forgetter = this::forget;

    public EventPoll() {
        super("[eventpoll]", OpenFlags.O_RDWR);
    }

    private record Key(FileDescription file, int fd) {}

    /** One event for the program. @param data as it was given with the file */
    public record Event(int events, long data) {}

    private final class Item implements Waiter {
        private final FileDescription file;
        private volatile int events;
        private volatile long data;

        Item(FileDescription file, int events, long data) {
            this.file = file;
            this.events = events;
            this.data = data;
        }

        @Override
        public void wake() {
            if ((events & ~PRIVATE_BITS) != 0) {
                synchronized (ready) {
                    ready.add(this);
                }
                queue.wakeAll();
            }
        }

        private int poll() {
            return file.poll() & events & ~PRIVATE_BITS;
        }
    }

    private static int withErrors(int events) {
        return events | PollEvents.POLLERR | PollEvents.POLLHUP;
    }

    /** EPOLL_CTL_ADD. @throws SystemCallException EEXIST, EPERM, ELOOP, EINVAL */
    public void add(FileDescription file, int fd, int events, long data) {
        if (file.waitQueue() == null) {
            throw SystemCallException.of(Errno.EPERM);
        }
        if ((events & EPOLLEXCLUSIVE) != 0 && ((events & ~EXCLUSIVE_ALLOWED) != 0 || file instanceof EventPoll)) {
            throw SystemCallException.of(Errno.EINVAL);
        }
        Item item;
        synchronized (NESTING) {
            if (file instanceof EventPoll nested && (nested.reaches(this, MAX_NESTING) || nested.depth(MAX_NESTING + 2) > MAX_NESTING)) {
                throw SystemCallException.of(Errno.ELOOP);
            }
            synchronized (this) {
                Key key = new Key(file, fd);
                if (items.containsKey(key)) {
                    throw SystemCallException.of(Errno.EEXIST);
                }
                item = new Item(file, withErrors(events), data);
                items.put(key, item);
            }
        }
        file.onClose(forgetter);
        file.waitQueue().register(item);
        refresh(item);
    }

    private boolean reaches(EventPoll target, int limit) {
        return this == target || limit > 0 && nested().stream().anyMatch(inner -> inner.reaches(target, limit - 1));
    }

    private int depth(int limit) {
        return limit == 0 ? 0 : 1 + nested().stream().mapToInt(inner -> inner.depth(limit - 1)).max().orElse(0);
    }

    private synchronized List<EventPoll> nested() {
        List<EventPoll> nested = new ArrayList<>();
        for (Key key : items.keySet()) {
            if (key.file instanceof EventPoll inner) {
                nested.add(inner);
            }
        }
        return nested;
    }

    /** EPOLL_CTL_MOD. @throws SystemCallException ENOENT, EINVAL */
    public void modify(FileDescription file, int fd, int events, long data) {
        Item item;
        synchronized (this) {
            item = items.get(new Key(file, fd));
            if (item == null) {
                throw SystemCallException.of(Errno.ENOENT);
            }
            if (((events | item.events) & EPOLLEXCLUSIVE) != 0) {
                throw SystemCallException.of(Errno.EINVAL);
            }
            item.events = withErrors(events);
            item.data = data;
        }
        refresh(item);
    }

    /** Puts a file that is ready now on the list. */
    private void refresh(Item item) {
        if (item.poll() != 0) {
            item.wake();
        }
    }

    /** EPOLL_CTL_DEL. @throws SystemCallException ENOENT */
    public void remove(FileDescription file, int fd) {
        Item item;
        synchronized (this) {
            item = items.remove(new Key(file, fd));
            unready(item);
        }
        if (item == null) {
            throw SystemCallException.of(Errno.ENOENT);
        }
        file.waitQueue().unregister(item);
    }

    /** An open file is closed for good. */
    private void forget(FileDescription file) {
        List<Item> gone = new ArrayList<>();
        synchronized (this) {
            items.entrySet().removeIf(entry -> {
                boolean same = entry.getKey().file == file;
                if (same) {
                    gone.add(entry.getValue());
                }
                return same;
            });
            gone.forEach(this::unready);
        }
        gone.forEach(file.waitQueue()::unregister);
    }

    /** What is ready, at most {@code maximum} events; level-triggered ones go to the end of the list, so that all get their turn. */
    public synchronized List<Event> collect(int maximum) {
        List<Event> events = new ArrayList<>();
        List<Item> again = new ArrayList<>();
        for (Item item : snapshot()) {
            if (events.size() == maximum) {
                break;
            }
            unready(item);
            int found = item.poll();
            if (found == 0) {
                continue;
            }
            events.add(new Event(found, item.data));
            if ((item.events & EPOLLONESHOT) != 0) {
                item.events &= PRIVATE_BITS;
            } else if ((item.events & EPOLLET) == 0) {
                again.add(item);
            }
        }
        synchronized (ready) {
            ready.addAll(again);
        }
        return events;
    }

    private List<Item> snapshot() {
        synchronized (ready) {
            return new ArrayList<>(ready);
        }
    }

    private void unready(Item item) {
        synchronized (ready) {
            ready.remove(item);
        }
    }

    /** Whether {@link #collect} would give something; takes from the list what is no longer ready. */
    private synchronized boolean anyReady() {
        for (Item item : snapshot()) {
            unready(item);
            if (item.poll() != 0) {
                synchronized (ready) {
                    ready.addFirst(item);
                }
                return true;
            }
        }
        return false;
    }

    @Override
    public int poll() {
        return anyReady() ? PollEvents.READABLE : 0;
    }

    @Override
    protected void closed() {
        List<Key> keys;
        Map<Key, Item> all;
        synchronized (this) {
            all = new LinkedHashMap<>(items);
            keys = List.copyOf(items.keySet());
            items.clear();
        }
        keys.forEach(key -> key.file.waitQueue().unregister(all.get(key)));
    }

    /** For /proc/self/fdinfo: one line for each file. */
    public synchronized String describe() {
        StringBuilder text = new StringBuilder();
        items.forEach((key, item) -> text.append(String.format("tfd: %8d events: %8x data: %16x  pos:%d ino:%x sdev:%x%n", key.fd, item.events, item.data,
                Math.max(0, key.file.seek(0, 1)), key.file.status().inode(), key.file.status().device())));
        return text.toString();
    }
}
