package io.scwatcher.testbed.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.testbed.GuestOptions;
import io.scwatcher.testbed.GuestOptions.Machine;
import io.scwatcher.testbed.GuestOptions.MemoryBacking;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class QemuCommandTest {
    private static final QemuCommand.Boot BOOT = new QemuCommand.Boot(Path.of("/k"), Path.of("/i"), Path.of("/r,1"), Path.of("/m"));

    @Test
    void takesTheShapeFromTheOptions() {
        GuestOptions options = GuestOptions.defaults("one").withMachine(Machine.PC).withCpus(3).withMemoryMiB(3072);
        assertThat(command(options, false)).containsSubsequence("-name", "guest=one").containsSubsequence("-smp", "3")
                .containsSubsequence("-m", "3072M").containsSubsequence("-accel", "tcg,thread=single", "-machine", "pc")
                .containsSubsequence("-uuid", options.uuid().toString()).containsSubsequence("-cpu", "max,la57=off")
                .noneMatch(word -> word.startsWith("memory-backend"));
        assertThat(command(options.withPagingLevels(5), true)).containsSubsequence("-cpu", "max")
                .containsSubsequence("-accel", "kvm", "-machine", "pc");
    }

    @Test
    void sharesMemoryOnlyWhenAsked() {
        GuestOptions options = GuestOptions.defaults("one").withMemoryMiB(512);
        assertThat(command(options.withMemory(MemoryBacking.MEMFD), false))
                .contains("memory-backend-memfd,id=ram,size=512M,share=on", "q35,memory-backend=ram");
        assertThat(command(options.withMemory(MemoryBacking.FILE), false))
                .anyMatch(word -> word.startsWith("memory-backend-file,id=ram,mem-path=/dev/shm/") && word.endsWith(",size=512M,share=on"));
    }

    @Test
    void weakensNothingInTheGuest() {
        List<String> words = command(GuestOptions.defaults("one").withRootkit().withTasks(5), false);
        String kernel = words.get(words.indexOf("-append") + 1);
        assertThat(kernel.split(" ")).allMatch(word -> word.startsWith("testbed.") || word.equals("console=ttyS0"));
    }

    @Test
    void escapesCommasInFileNames() {
        assertThat(command(GuestOptions.defaults("one"), false)).anyMatch(word -> word.contains("file=/r,,1"));
    }

    private static List<String> command(GuestOptions options, boolean kvm) {
        return QemuCommand.of(options, BOOT, kvm, Path.of("/run/one"));
    }
}
