package io.scwatcher.memory.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MachineMapTest {
    private static final long MIB = 1L << 20;

    private static CommandLine line(String arguments) {
        return new CommandLine(Stream.of(arguments.split(" ")).toList());
    }

    @ParameterizedTest
    @CsvSource({
        "'qemu -m 1G', 1024, 1024",
        "'qemu -M pc', 3584, 3072",
        "'qemu -M pc', 3583, 3583",
        "'qemu -machine pc-i440fx-1.7,accel=kvm', 4096, 3584",
        "'qemu --machine type=pc-q35-9.1,accel=kvm', 2816, 2048",
        "'qemu -M q35', 2815, 2815",
        "'qemu -machine accel=kvm -M q35,max-ram-below-4g=1G', 4096, 1024",
        "'qemu -M pc-i440fx-noble,max-ram-below-4g=2G', 4096, 2048",
        "'qemu -M microvm', 8192, 3072",
    })
    void splitsTheRam(String line, long size, long low) {
        assertThat(MachineMap.of(line(line), size * MIB).low()).isEqualTo(low * MIB);
    }

    @Test
    void readsSizesAndOptions() {
        assertThat(CommandLine.size("1.5G", MIB)).hasValue(1536 * MIB);
        assertThat(CommandLine.size("512", MIB)).hasValue(512 * MIB);
        assertThat(CommandLine.size("0x100000", 1)).hasValue(MIB);
        assertThat(CommandLine.size("size", MIB)).isEmpty();
        assertThat(CommandLine.size("", MIB)).isEmpty();
        assertThat(CommandLine.parse("file,id=a,,b,share", "qom-type"))
                .isEqualTo(Map.of("qom-type", "file", "id", "a,b", "share", "on"));
        assertThat(line("qemu -qmp unix:/a,server=on -S -m 1G --qmp unix:b").values("qmp"))
                .isEqualTo(List.of("unix:/a,server=on", "unix:b"));
    }
}
