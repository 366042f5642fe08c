package io.scwatcher.kernel.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.kernel.SyntheticKernel;
import org.junit.jupiter.api.Test;

class CpuMasksTest {
    private final SyntheticKernel kernel = new SyntheticKernel();

    @Test
    void listsRunsOfCpus() {
        assertThat(CpuMasks.list(new int[0])).isEmpty();
        assertThat(CpuMasks.list(new int[] {3})).isEqualTo("3");
        assertThat(CpuMasks.list(new int[] {0, 1, 2, 5, 7, 8})).isEqualTo("0-2,5,7-8");
    }

    @Test
    void printsAsManyDigitsAsThereCanBeCpus() {
        kernel.cpus(2);
        assertThat(CpuMasks.hex(kernel, new int[] {0, 1})).isEqualTo("3");
        kernel.cpus(5);
        assertThat(CpuMasks.hex(kernel, new int[] {0})).isEqualTo("01");
    }

    @Test
    void separatesWordsByCommas() {
        kernel.cpus(34);
        assertThat(CpuMasks.hex(kernel, new int[] {0, 31, 33})).isEqualTo("2,80000001");
    }

    @Test
    void ignoresBitsBeyondThePossibleCpus() {
        kernel.cpus(3);
        kernel.put(0x1000, -1L);
        assertThat(CpuMasks.of(kernel, 0x1000)).containsExactly(0, 1, 2);
    }
}
