package io.scwatcher.memory.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scwatcher.memory.GuestMemories;
import io.scwatcher.memory.GuestMemory;
import io.scwatcher.memory.GuestMemoryException;
import io.scwatcher.memory.PhysicalRange;
import io.scwatcher.memory.ScatterRead;
import io.scwatcher.memory.VmControl;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each case starts a QEMU process without a guest system: about half a second, and no memory to speak of. */
@Tag("vm")
class QemuSourceTest {
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;

    @TempDir Path directory;

    static Stream<Arguments> machines() {
        return Stream.of(
                machine("pc,-m,1G", List.of(MIB, GIB - 8), ram(0x10_0000, GIB)),
                machine("pc,-m,3G", List.of(MIB, 3 * GIB - 8), ram(0x10_0000, 3 * GIB)),
                machine("pc,-m,4G", List.of(MIB, 3 * GIB - 8, 4 * GIB, 5 * GIB - 8),
                        ram(0x10_0000, 3 * GIB), ram(4 * GIB, 5 * GIB)),
                machine("q35,-m,3G", List.of(MIB, 2 * GIB - 8, 4 * GIB, 5 * GIB - 8),
                        ram(0x10_0000, 2 * GIB), ram(4 * GIB, 5 * GIB)),
                machine("pc,max-ram-below-4g=1G,-m,2G", List.of(MIB, GIB - 8, 4 * GIB),
                        ram(0x10_0000, GIB), ram(4 * GIB, 5 * GIB)),
                machine("microvm,-m,4G", List.of(MIB, 3 * GIB - 8, 4 * GIB), ram(0x10_0000, 3 * GIB),
                        ram(4 * GIB, 5 * GIB)),
                machine("q35,memory-backend=m,-m,6G,-object,memory-backend-memfd;id=m;size=6G;share=on",
                        List.of(MIB, 2 * GIB - 8, 4 * GIB, 8 * GIB - 8), ram(0x10_0000, 2 * GIB),
                        ram(4 * GIB, 8 * GIB)),
                machine("pc,-m,4G,-object,memory-backend-file;id=a;size=2560M;mem-path=@DIR@/a;share=on,-object,"
                                + "memory-backend-memfd;id=b;size=1536M;share=off,-numa,node;memdev=a,-numa,node;memdev=b",
                        List.of(MIB, 2560 * MIB - 8, 2560 * MIB, 3 * GIB - 8, 4 * GIB, 5 * GIB - 8),
                        ram(0x10_0000, 3 * GIB), ram(4 * GIB, 5 * GIB)),
                machine("q35,-m,2G;slots=2;maxmem=8G,-object,memory-backend-ram;id=d;size=1G,-device,pc-dimm;memdev=d",
                        List.of(MIB, 2 * GIB - 8, 4 * GIB, 5 * GIB - 8), ram(0x10_0000, 2 * GIB),
                        ram(4 * GIB, 5 * GIB)));
    }

    private static PhysicalRange ram(long start, long end) {
        return new PhysicalRange(start, end - start);
    }

    private static Arguments machine(String options, List<Long> marked, PhysicalRange... ram) {
        return Arguments.of(options, marked, List.of(ram));
    }

    private TinyVm start(String machine, List<Long> marked, String... more) throws Exception {
        String[] options = ("-S," + "-M," + machine).split(",(?=-)|(?<=^-S|-M|-m|-object|-numa|-device),");
        String[] all = Stream.concat(Stream.of(options).map(o -> o.replace(';', ',').replace("@DIR@", directory.toString())),
                Stream.of(more)).toArray(String[]::new);
        return TinyVm.start(directory, marked, all);
    }

    @ParameterizedTest
    @MethodSource("machines")
    void readsTheRealMap(String machine, List<Long> marked, List<PhysicalRange> ram) throws Exception {
        try (TinyVm vm = start(machine, marked); GuestMemory memory = GuestMemories.open(vm.socket.toString())) {
            // Below 1 MiB the chip set decides what is RAM.
            assertThat(memory.ram().stream().filter(r -> r.end() > MIB)
                    .map(r -> r.start() >= MIB ? r : ram(MIB, r.end()))).containsExactlyElementsOf(ram);
            ScatterRead batch = new ScatterRead(marked.size());
            byte[] bytes = new byte[8 * marked.size()];
            for (int i = 0; i < marked.size(); i++) {
                assertThat(TinyVm.read(memory, marked.get(i))).isEqualTo(TinyVm.value(marked.get(i)));
                assertThat(memory.populated(new PhysicalRange(marked.get(i) & -4096L, 4096))).hasSize(1);
                batch.add(marked.get(i), bytes, 8 * i, 8);
            }
            memory.read(batch);
            for (int i = 0; i < marked.size(); i++) {
                assertThat(batch.isRead(i)).isTrue();
                assertThat(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(8 * i))
                        .isEqualTo(TinyVm.value(marked.get(i)));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("machines")
    void leavesUntouchedPagesUntouched(String machine, List<Long> marked, List<PhysicalRange> ram) throws Exception {
        try (TinyVm vm = start(machine, marked); GuestMemory memory = GuestMemories.open(vm.socket.toString())) {
            long resident = vm.status("VmRSS");
            long tables = vm.status("VmPTE");
            long populated = memory.populated(new PhysicalRange(0, 16 * GIB)).stream().mapToLong(PhysicalRange::length).sum();
            byte[] bytes = new byte[(int) MIB];
            long nonZero = 0;
            for (PhysicalRange block : memory.ram()) {
                for (long at = block.start(); at < block.end(); at += bytes.length) {
                    int length = (int) Math.min(bytes.length, block.end() - at);
                    assertThat(memory.read(at, bytes, 0, length)).isTrue();
                    for (int i = 0; i < length; i += 8) {
                        nonZero += bytes[i] == 0 ? 0 : 1;
                    }
                }
            }
            assertThat(nonZero).isGreaterThanOrEqualTo(marked.size() - 1);
            assertThat(populated).isPositive().isLessThan(64 * MIB);
            assertThat(vm.status("VmRSS") - resident).isLessThan(1024);
            assertThat(vm.status("VmPTE") - tables).isLessThan(64);
            assertThat(memory.populated(new PhysicalRange(0, 16 * GIB)).stream().mapToLong(PhysicalRange::length).sum())
                    .isEqualTo(populated);
        }
    }

    @ParameterizedTest
    @MethodSource("machines")
    void derivesTheSameMapWithoutQmp(String machine, List<Long> marked, List<PhysicalRange> ram) throws Exception {
        try (TinyVm vm = start(machine, marked); QmpClient other = QmpClient.connect(vm.socket);
                GuestMemory memory = GuestMemories.open(Long.toString(vm.pid()))) {
            assertThat(memory.description()).contains("derived", "busy", "not confirmed");
            assertThat(memory.control()).isEmpty();
            assertThat(memory.isLive()).isTrue();
            assertThat(memory.ram().stream().filter(r -> r.end() > MIB)
                    .map(r -> r.start() >= MIB ? r : ram(MIB, r.end()))).containsExactlyElementsOf(ram);
            for (long address : marked) {
                assertThat(TinyVm.read(memory, address)).isEqualTo(TinyVm.value(address));
            }
            assertThat(other.isRunning()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pc", "q35"})
    void confirmsADerivedMapByTheFirmwaresTables(String machine) throws Exception {
        try (TinyVm vm = TinyVm.start(directory, List.of(4 * GIB), "-M", machine, "-m", "4G");
                QmpClient _ = QmpClient.connect(vm.socket)) {
            String description;
            do {
                assertThat(vm.pid()).isPositive();
                try (GuestMemory memory = GuestMemories.open(Long.toString(vm.pid()))) {
                    description = memory.description();
                    assertThat(TinyVm.read(memory, 4 * GIB)).isEqualTo(TinyVm.value(4 * GIB));
                }
            } while (!description.contains("confirmed by the ACPI tables"));
        }
    }

    @Test
    void seesMemoryThatWasPluggedWhileTheVmRan() throws Exception {
        try (TinyVm vm = TinyVm.start(directory, List.of(MIB), "-M", "q35", "-m", "256M,slots=2,maxmem=4G",
                "-object", "memory-backend-ram,id=v,size=512M",
                "-device", "virtio-mem-pci,id=vm0,memdev=v,requested-size=256M")) {
            assertThat(vm.monitor("object_add memory-backend-memfd,id=d,size=128M,share=on")).isEmpty();
            assertThat(vm.monitor("device_add pc-dimm,id=dimm,memdev=d,addr=0x180000000")).isEmpty();
            try (GuestMemory memory = GuestMemories.open(vm.socket.toString())) {
                assertThat(memory.ram()).contains(ram(6 * GIB, 6 * GIB + 128 * MIB))
                        .anyMatch(r -> r.length() == 512 * MIB && r.start() >= 4 * GIB);
                assertThat(memory.description()).contains("shared file and process memory");
                for (PhysicalRange block : memory.ram()) {
                    assertThat(memory.read(block.end() - 8, new byte[8], 0, 8)).isTrue();
                    assertThat(memory.read(block.end() - 7, new byte[8], 0, 8)).isFalse();
                }
                assertThat(TinyVm.read(memory, MIB)).isEqualTo(TinyVm.value(MIB));
            }
        }
    }

    @Test
    void servesManyThreads() throws Exception {
        List<Long> marked = LongStream.range(4, 200).map(i -> i * 77 * 4096 + 8 * i).boxed().toList();
        Path data = directory.resolve("data");
        ByteBuffer content = ByteBuffer.allocate((int) (64 * MIB)).order(ByteOrder.LITTLE_ENDIAN);
        marked.forEach(at -> content.putLong((int) (at - 77 * 4096), TinyVm.value(at)));
        Files.write(data, content.array());
        try (TinyVm vm = TinyVm.start(directory, List.of(), "-S", "-m", "256M",
                        "-device", "loader,file=" + data + ",addr=" + 77 * 4096 + ",force-raw=on");
                GuestMemory memory = GuestMemories.open(vm.socket.toString());
                ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<Integer>> wrong = new ArrayList<>();
            for (int thread = 0; thread < 8; thread++) {
                int stride = 1 + thread;
                wrong.add(threads.submit(() -> {
                    ScatterRead batch = new ScatterRead(64);
                    byte[] bytes = new byte[8 * marked.size()];
                    int errors = 0;
                    for (int round = 0; round < 50; round++) {
                        batch.clear();
                        for (int i = 0; i < marked.size(); i += stride) {
                            batch.add(marked.get(i), bytes, 8 * i, 8);
                        }
                        memory.read(batch);
                        for (int i = 0, entry = 0; i < marked.size(); i += stride, entry++) {
                            long value = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(8 * i);
                            errors += batch.isRead(entry) && value == TinyVm.value(marked.get(i)) ? 0 : 1;
                        }
                    }
                    return errors;
                }));
            }
            for (Future<Integer> errors : wrong) {
                assertThat(errors.get()).isZero();
            }
        }
    }

    @Test
    void findsTheQmpSocketOfAProcess() throws Exception {
        Path second = directory.resolve("second");
        try (TinyVm vm = TinyVm.start(directory, List.of(MIB), "-S", "-m", "64M",
                        "-chardev", "socket,id=c,path=" + second + ",server=on,wait=off", "-mon", "chardev=c,mode=control",
                        "-monitor", "unix:" + directory.resolve("hmp") + ",server=on,wait=off");
                QmpClient _ = QmpClient.connect(vm.socket);
                GuestMemory memory = GuestMemories.open(Long.toString(vm.pid()))) {
            assertThat(memory.description()).contains("map from QMP");
            assertThat(TinyVm.read(memory, MIB)).isEqualTo(TinyVm.value(MIB));
            assertThatThrownBy(() -> GuestMemories.open(directory.resolve("hmp").toString()))
                    .isInstanceOf(GuestMemoryException.class).hasMessageContaining("not a QMP socket");
        }
    }

    @Test
    void saysThatAProcessIsNoVm() {
        String self = Long.toString(ProcessHandle.current().pid());
        assertThatThrownBy(() -> GuestMemories.open(self)).isInstanceOf(GuestMemoryException.class)
                .hasMessageContaining("is not QEMU");
        assertThatThrownBy(() -> GuestMemories.open("999999999")).isInstanceOf(GuestMemoryException.class)
                .hasMessageContaining("no process");
    }

    @Test
    void pausesAndResumes() throws Exception {
        try (TinyVm vm = TinyVm.start(directory, List.of(), "-m", "64M");
                GuestMemory memory = GuestMemories.open(vm.socket.toString())) {
            assertThat(memory.isLive()).isTrue();
            try (VmControl.Pause outer = memory.control().orElseThrow().pause()) {
                assertThat(memory.isLive()).isFalse();
                memory.control().orElseThrow().pause().close();
                assertThat(memory.isLive()).isFalse();
                outer.close();
                assertThat(vm.isRunning()).isTrue();
            }
            assertThat(vm.isRunning()).isTrue();
            vm.monitor("stop");
            assertThat(memory.isLive()).isFalse();
            memory.control().orElseThrow().pause().close();
            assertThat(vm.isRunning()).isFalse();
        }
    }

    @Test
    void saysThatTheSocketIsBusyOrTheVmGone() throws Exception {
        try (TinyVm vm = TinyVm.start(directory, List.of(), "-m", "64M")) {
            try (QmpClient other = QmpClient.connect(vm.socket)) {
                assertThatThrownBy(() -> GuestMemories.open(vm.socket.toString()))
                        .isInstanceOf(GuestMemoryException.class).hasMessageContaining("another client holds it");
                assertThat(other.isRunning()).isTrue();
            }
            try (GuestMemory memory = GuestMemories.open(vm.socket.toString())) {
                TinyVm.read(memory, MIB);
                vm.close();
                assertThatThrownBy(() -> memory.read(MIB, new byte[8], 0, 8)).isInstanceOf(GuestMemoryException.class)
                        .hasMessageContaining("exited");
                assertThatThrownBy(memory::isLive).isInstanceOf(GuestMemoryException.class);
            }
        }
        assertThatThrownBy(() -> GuestMemories.open(directory.resolve("qmp").toString()))
                .isInstanceOf(GuestMemoryException.class).hasMessageContaining("qmp");
    }
}
