package io.scwatcher.os.fs.pipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scwatcher.os.KernelMemory;
import io.scwatcher.os.fs.FileDescription;
import io.scwatcher.os.fs.OpenFlags;
import io.scwatcher.os.fs.PollEvents;
import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PipeTest {
    private final Pipe pipe = new Pipe(false, KernelMemory.UNLIMITED);
    private final FileDescription[] ends = pipe.open(0, 0, 0);
    private final FileDescription in = ends[0].acquire();
    private final FileDescription out = ends[1].acquire();

    @Test
    void keepsOrderAndCapacity() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        ArrayDeque<Byte> model = new ArrayDeque<>();
        byte[] bytes = new byte[20_000];
        for (int step = 0; step < 3000; step++) {
            int length = random.nextInt(bytes.length);
            if (random.nextBoolean()) {
                random.nextBytes(bytes);
                int room = 65536 - model.size();
                int expected = room == 0 || length <= 4096 && length > room ? length == 0 ? 0 : -11 : Math.min(length, room);
                assertThat(out.write(bytes, 0, length)).as("seed %d step %d", seed, step).isEqualTo(expected);
                for (int i = 0; i < expected; i++) {
                    model.add(bytes[i]);
                }
            } else {
                int expected = length == 0 ? 0 : model.isEmpty() ? -11 : Math.min(length, model.size());
                assertThat(in.read(bytes, 0, length)).as("seed %d step %d", seed, step).isEqualTo(expected);
                for (int i = 0; i < expected; i++) {
                    assertThat(bytes[i]).isEqualTo(model.remove());
                }
            }
            assertThat((in.poll() & PollEvents.POLLIN) != 0).isEqualTo(!model.isEmpty());
            assertThat((out.poll() & PollEvents.POLLOUT) != 0).isEqualTo(model.size() <= 65536 - 4096);
        }
    }

    @Test
    void endsWithItsEnds() {
        out.write(new byte[3], 0, 3);
        out.release();
        assertThat(in.poll()).isEqualTo(PollEvents.READABLE | PollEvents.POLLHUP);
        assertThat(in.read(new byte[10], 0, 10)).isEqualTo(3);
        assertThat(in.read(new byte[10], 0, 10)).isZero();
        assertThat(in.poll()).isEqualTo(PollEvents.POLLHUP);
    }

    @Test
    void breaksWithoutReaders() {
        in.release();
        assertThat(out.write(new byte[3], 0, 3)).isEqualTo(-32);
        assertThat(out.poll()).isEqualTo(PollEvents.WRITABLE | PollEvents.POLLERR);
    }

    @Test
    void wakesOnlyWhomItConcerns() {
        int[] woken = new int[2];
        in.waitQueue().register(() -> woken[0]++);
        out.waitQueue().register(() -> woken[1]++);
        out.write(new byte[3], 0, 3);
        assertThat(woken).containsExactly(1, 0);
        in.read(new byte[1], 0, 1);
        assertThat(woken).containsExactly(1, 0);
        out.write(new byte[65536], 0, 65536);
        in.read(new byte[4095], 0, 4095);
        assertThat(woken).containsExactly(2, 0);
        in.read(new byte[100], 0, 100);
        assertThat(woken).containsExactly(2, 1);
    }

    @Test
    void changesItsCapacity() {
        PipeDescription end = (PipeDescription) out;
        assertThat(end.capacity()).isEqualTo(65536);
        assertThat(end.changeCapacity(1, false)).isEqualTo(4096);
        assertThat(end.changeCapacity(4097, false)).isEqualTo(8192);
        out.write(new byte[8192], 0, 8192);
        assertThatThrownBy(() -> end.changeCapacity(4096, false)).hasMessage("EBUSY");
        assertThatThrownBy(() -> end.changeCapacity((1 << 20) + 1, false)).hasMessage("EPERM");
        assertThat(end.changeCapacity(1 << 20, false)).isEqualTo(1 << 20);
    }

    @Test
    void opensFifosWhenBothSidesAreThere() {
        Pipe fifo = new Pipe(true, KernelMemory.UNLIMITED);
        assertThatThrownBy(() -> fifo.openFifo(null, OpenFlags.O_WRONLY | OpenFlags.O_NONBLOCK)).hasMessage("ENXIO");
        FileDescription reader = fifo.openFifo(null, OpenFlags.O_RDONLY).acquire();
        assertThat(reader.completeOpen()).isEqualTo(-11);
        assertThat(reader.poll()).isZero();
        FileDescription writer = fifo.openFifo(null, OpenFlags.O_WRONLY).acquire();
        assertThat(writer.completeOpen()).isZero();
        writer.release();
        // the writer came and went: the open succeeds, and reading finds the end
        assertThat(reader.completeOpen()).isZero();
        assertThat(reader.poll()).isEqualTo(PollEvents.POLLHUP);
        FileDescription both = fifo.openFifo(null, OpenFlags.O_RDWR).acquire();
        assertThat(both.completeOpen()).isZero();
    }
}
