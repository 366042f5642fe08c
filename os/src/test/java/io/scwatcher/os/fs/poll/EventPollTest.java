package io.scwatcher.os.fs.poll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scwatcher.os.KernelMemory;
import io.scwatcher.os.fs.FileDescription;
import io.scwatcher.os.fs.PollEvents;
import io.scwatcher.os.fs.call.Layouts;
import io.scwatcher.os.fs.pipe.Pipe;
import io.scwatcher.os.fs.poll.EventPoll.Event;
import org.junit.jupiter.api.Test;

class EventPollTest {
    private final EventPoll epoll = (EventPoll) new EventPoll().acquire();

    private static EventFd event(int count) {
        return (EventFd) new EventFd(count, 0, false).acquire();
    }

    private static void add(EventFd event, long count) {
        byte[] bytes = new byte[8];
        Layouts.put64(bytes, 0, count);
        event.write(bytes, 0, 8);
    }

    @Test
    void reportsLevelsUntilTheyAreGone() {
        EventFd event = event(0);
        epoll.add(event, 5, PollEvents.POLLIN, 42);
        assertThat(epoll.collect(10)).isEmpty();
        add(event, 1);
        assertThat(epoll.collect(10)).containsExactly(new Event(PollEvents.POLLIN, 42));
        assertThat(epoll.collect(10)).hasSize(1);
        event.read(new byte[8], 0, 8);
        assertThat(epoll.collect(10)).isEmpty();
        assertThat(epoll.poll()).isZero();
    }

    @Test
    void reportsEdgesOnce() {
        FileDescription[] ends = new Pipe(false, KernelMemory.UNLIMITED).open(0, 0, 0);
        ends[0].acquire();
        ends[1].acquire();
        epoll.add(ends[0], 3, PollEvents.POLLIN | EventPoll.EPOLLET, 1);
        ends[1].write(new byte[10], 0, 10);
        assertThat(epoll.collect(10)).hasSize(1);
        assertThat(epoll.collect(10)).isEmpty();
        ends[0].read(new byte[5], 0, 5);
        assertThat(epoll.collect(10)).isEmpty();
        ends[1].write(new byte[1], 0, 1);
        assertThat(epoll.collect(10)).hasSize(1);
    }

    @Test
    void disarmsOneShots() {
        EventFd event = event(1);
        epoll.add(event, 5, PollEvents.POLLIN | EventPoll.EPOLLONESHOT, 1);
        assertThat(epoll.collect(10)).hasSize(1);
        add(event, 1);
        assertThat(epoll.collect(10)).isEmpty();
        epoll.modify(event, 5, PollEvents.POLLIN | EventPoll.EPOLLONESHOT, 2);
        assertThat(epoll.collect(10)).containsExactly(new Event(PollEvents.POLLIN, 2));
    }

    @Test
    void givesEveryFileItsTurn() {
        for (int i = 0; i < 5; i++) {
            epoll.add(event(1), i, PollEvents.POLLIN, i);
        }
        assertThat(epoll.collect(3)).extracting(Event::data).containsExactly(0L, 1L, 2L);
        assertThat(epoll.collect(3)).extracting(Event::data).containsExactly(3L, 4L, 0L);
    }

    @Test
    void nestsToALimit() {
        EventPoll inner = epoll;
        for (int i = 0; i < 4; i++) {
            EventPoll outer = (EventPoll) new EventPoll().acquire();
            outer.add(inner, 1, PollEvents.POLLIN, 0);
            inner = outer;
        }
        EventPoll top = inner;
        assertThatThrownBy(() -> new EventPoll().add(top, 1, PollEvents.POLLIN, 0)).hasMessage("ELOOP");
        assertThatThrownBy(() -> epoll.add(top, 1, PollEvents.POLLIN, 0)).hasMessage("ELOOP");
        int[] woken = {0};
        top.waitQueue().register(() -> woken[0]++);
        EventFd event = event(0);
        epoll.add(event, 7, PollEvents.POLLIN, 0);
        add(event, 1);
        assertThat(woken[0]).isPositive();
        assertThat(top.poll()).isEqualTo(PollEvents.READABLE);
    }

    @Test
    void forgetsClosedFiles() {
        EventFd event = event(1);
        epoll.add(event, 5, PollEvents.POLLIN, 1);
        assertThatThrownBy(() -> epoll.add(event, 5, PollEvents.POLLIN, 1)).hasMessage("EEXIST");
        epoll.add(event, 6, PollEvents.POLLIN, 1);
        epoll.remove(event, 6);
        assertThatThrownBy(() -> epoll.remove(event, 6)).hasMessage("ENOENT");
        event.release();
        assertThat(epoll.collect(10)).isEmpty();
        assertThatThrownBy(() -> epoll.remove(event, 5)).hasMessage("ENOENT");
    }
}
