package io.scwatcher.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.scwatcher.host.FoundVm.Attachment;
import io.scwatcher.memory.GuestMemoryException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Finds QEMU processes that run no guest: they stop before their first instruction. */
class VmsTest {
    @TempDir
    private Path directory;
    private final List<Process> started = new ArrayList<>();
    private final String name = "vms-test-" + UUID.randomUUID();

    @AfterEach
    void end() throws InterruptedException {
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void findsByNameAndUuid() throws Exception {
        String uuid = UUID.randomUUID().toString();
        Path socket = directory.resolve("qmp");
        Process process = start("-name", "guest=" + name + ",debug-threads=on", "-uuid", uuid, "-m", "size=48M",
                "-machine", "q35", "-qmp", "unix:" + socket + ",server=on,wait=off");
        await(socket);
        FoundVm vm = Vms.find().stream().filter(found -> found.name().equals(name)).findFirst().orElseThrow();
        assertThat(vm.pid()).isEqualTo((int) process.pid());
        assertThat(vm.uuid()).isEqualTo(uuid);
        assertThat(vm.memoryBytes()).isEqualTo(48L << 20);
        assertThat(vm.machine()).isEqualTo("q35");
        assertThat(vm.qmpSockets()).contains(socket);
        assertThat(vm.attachment()).isEqualTo(Attachment.PROCESS_WITH_QMP);
        String pid = Long.toString(process.pid());
        assertThat(Vms.resolve(name)).isEqualTo(pid);
        assertThat(Vms.resolve(uuid)).isEqualTo(pid);
        assertThat(Vms.resolve(pid)).isEqualTo(pid);
    }

    @Test
    void tellsSharedMemory() throws Exception {
        Path socket = directory.resolve("qmp");
        start("-name", name, "-m", "64M", "-object", "memory-backend-memfd,id=ram,size=64M,share=on", "-machine",
                "pc,memory-backend=ram", "-qmp", "unix:" + socket + ",server=on,wait=off");
        await(socket);
        FoundVm vm = Vms.find().stream().filter(found -> found.name().equals(name)).findFirst().orElseThrow();
        assertThat(vm.attachment()).isEqualTo(Attachment.SHARED_FILE);
        assertThat(vm.memoryBytes()).isEqualTo(64L << 20);
    }

    @Test
    void refusesNamesOfNoneOrMoreThanOne() throws Exception {
        start("-name", name, "-pidfile", directory.resolve("1").toString());
        start("-name", name, "-pidfile", directory.resolve("2").toString());
        await(directory.resolve("1"));
        await(directory.resolve("2"));
        assertThatThrownBy(() -> Vms.resolve(name)).isInstanceOf(GuestMemoryException.class)
                .hasMessageContaining("more than one VM").hasMessageContaining(Long.toString(started.get(0).pid()))
                .hasMessageContaining(Long.toString(started.get(1).pid()));
        assertThatThrownBy(() -> Vms.resolve(name + "-not")).isInstanceOf(GuestMemoryException.class)
                .hasMessageContaining("no VM called").hasMessageContaining(name + " (");
    }

    @Test
    void leavesPathsAlone() throws Exception {
        Path dump = Files.createFile(directory.resolve("vm.elf"));
        assertThat(Vms.resolve(dump.toString())).isEqualTo(dump.toString());
        assertThat(Vms.resolve("./nothing")).isEqualTo("./nothing");
    }

    private Process start(String... options) throws Exception {
        Path emulator = Path.of("/usr/bin/qemu-system-x86_64");
        assumeThat(emulator).as("QEMU").exists();
        List<String> command = new ArrayList<>(List.of(emulator.toString(), "-S", "-display", "none", "-nodefaults",
                "-accel", "tcg"));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        started.add(process);
        return process;
    }

    private void await(Path made) throws InterruptedException {
        while (!Files.exists(made) && started.stream().allMatch(Process::isAlive)) {
            Thread.sleep(20);
        }
        assertThat(made).exists();
    }
}
