package io.scwatcher.fidelity.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.memory.GuestMemory;
import io.scwatcher.memory.PhysicalRange;
import io.scwatcher.memory.ScatterRead;
import io.scwatcher.memory.VmControl;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FlippedMemoryTest {
    /** 64 KiB that hold 0x11 everywhere. */
    private static final class Ones implements GuestMemory {
        @Override
        public String description() {
            return "ones";
        }

        @Override
        public List<PhysicalRange> ram() {
            return List.of(new PhysicalRange(0, 0x10000));
        }

        @Override
        public void read(ScatterRead batch) {
            for (int i = 0; i < batch.size(); i++) {
                if (batch.address(i) + batch.length(i) <= 0x10000) {
                    Arrays.fill(batch.destination(i), batch.offset(i), batch.offset(i) + batch.length(i), (byte) 0x11);
                    batch.markRead(i);
                }
            }
        }

        @Override
        public List<PhysicalRange> populated(PhysicalRange within) {
            return List.of();
        }

        @Override
        public Optional<VmControl> control() {
            return Optional.empty();
        }

        @Override
        public boolean isLive() {
            return false;
        }

        @Override
        public void close() {}
    }

    @Test
    void wordsAreChangedWhereverAReadBegins() {
        GuestMemory memory = new FlippedMemory(new Ones(), Map.of(0x1008L, 0x0807_0605_0403_0201L));
        byte[] bytes = new byte[16];
        assertThat(memory.read(0x1005, bytes, 2, 8)).isTrue();
        assertThat(bytes).startsWith(0, 0, 0x11, 0x11, 0x11, 1, 2, 3, 4, 5, 0);
        assertThat(memory.read(0x100c, bytes, 0, 6)).isTrue();
        assertThat(bytes).startsWith(5, 6, 7, 8, 0x11, 0x11);
        assertThat(memory.read(0xfffc, bytes, 0, 8)).isFalse();
    }

    @Test
    void framesWithChangesArePopulated() {
        GuestMemory memory = new FlippedMemory(new Ones(), Map.of(0x2ff8L, 1L, 0x9000L, 1L));
        assertThat(memory.populated(new PhysicalRange(0, 0x8000))).containsExactly(new PhysicalRange(0x2000, 0x1000));
    }

    @Test
    void readFramesAreNoted() {
        RecordingMemory memory = new RecordingMemory(new Ones());
        memory.read(0x1ffe, new byte[4], 0, 4);
        memory.read(0xffff, new byte[4], 0, 4);
        assertThat(memory.frames()).containsExactly(0x1000, 0x2000);
    }
}
