package io.scwatcher.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scwatcher.testbed.GuestOptions.Machine;
import io.scwatcher.testbed.GuestOptions.MemoryBacking;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuestOptionsTest {
    @Test
    void readsTheCommandLine() {
        GuestOptions options = Main.options(List.of("--name", "a.b", "--kernel", "7.x", "--machine", "pc", "--rootkit", "--cpus", "8",
                "--memory", "8192", "--paging", "5", "--memory-backing", "memfd", "--tasks", "10000", "--sockets", "50000",
                "--population", "none", "--kernel-flavour", "amd64"));
        assertThat(options.name()).isEqualTo("a.b");
        assertThat(options.kernel()).hasToString("7.x amd64");
        assertThat(options.machine()).isEqualTo(Machine.PC);
        assertThat(options.cpus()).isEqualTo(8);
        assertThat(options.memoryMiB()).isEqualTo(8192);
        assertThat(options.pagingLevels()).isEqualTo(5);
        assertThat(options.memory()).isEqualTo(MemoryBacking.MEMFD);
        assertThat(options.population()).isEqualTo(new GuestOptions.Population(false, 10000, 50000, true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--cpus 0", "--cpus 9", "--memory 255", "--memory 8193", "--paging 3", "--name ../x", "--tasks -1",
        "--tasks 10001", "--sockets 50001", "--machine microvm", "--cpus many", "--nonsense 1", "--timeout 0"})
    void refusesWhatItCannotDoInOneLine(String words) {
        assertThatThrownBy(() -> Main.options(List.of(words.split(" ")))).isInstanceOf(TestbedException.class)
                .message().doesNotContain("\n").contains(words.substring(2, words.indexOf(' ')).replace("paging", "pag"));
    }

    @Test
    void refusesAnOptionWithoutItsValue() {
        assertThatThrownBy(() -> Main.options(List.of("--cpus"))).hasMessage("the option --cpus needs a value");
    }
}
