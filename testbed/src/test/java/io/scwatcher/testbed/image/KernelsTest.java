package io.scwatcher.testbed.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scwatcher.testbed.TestbedException;
import io.scwatcher.testbed.apt.DebianVersion;
import io.scwatcher.testbed.apt.PackageVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KernelsTest {
    private static final List<PackageVersion> OFFERED = List.of(
            one("linux-image-5.10.0-46-cloud-amd64", "5.10.262-1"),
            one("linux-image-6.1.0-0.deb11.52-cloud-amd64", "6.1.170-1~deb11u1"),
            one("linux-image-6.1.0-50-cloud-amd64", "6.1.176-1"),
            one("linux-image-6.1.0-56-cloud-amd64", "6.1.192-2"),
            one("linux-image-6.1.0-56-cloud-amd64-unsigned", "6.1.192-2"),
            one("linux-image-6.1.0-56-amd64", "6.1.192-2"),
            one("linux-image-6.1.0-56-rt-amd64", "6.1.192-2"),
            one("linux-image-6.12.117+deb13-cloud-amd64", "6.12.117-1"),
            one("linux-image-6.18.15+deb13-cloud-amd64", "6.18.15-1~bpo13+1"),
            one("linux-image-7.3.4+deb13-cloud-amd64", "7.3.4-1~bpo13+1"),
            one("linux-image-7.2.12+deb14-cloud-amd64", "7.2.12-1"),
            one("linux-image-7.2.13+deb14-cloud-amd64-unsigned", "7.2.13-1"));

    @ParameterizedTest
    @CsvSource({
        "6.1, cloud-amd64, linux-image-6.1.0-56-cloud-amd64",
        "6.1.x, cloud-amd64, linux-image-6.1.0-56-cloud-amd64",
        "6, cloud-amd64, linux-image-6.12.117+deb13-cloud-amd64",
        "6.18, cloud-amd64, linux-image-6.18.15+deb13-cloud-amd64",
        "7.3, cloud-amd64, linux-image-7.3.4+deb13-cloud-amd64",
        "7.x, cloud-amd64, linux-image-7.2.13+deb14-cloud-amd64-unsigned",
        "5.10, cloud-amd64, linux-image-5.10.0-46-cloud-amd64",
        "6.1.0-50, cloud-amd64, linux-image-6.1.0-50-cloud-amd64",
        "6.1.176, cloud-amd64, linux-image-6.1.0-50-cloud-amd64",
        "6.1.0-0.deb11, cloud-amd64, linux-image-6.1.0-0.deb11.52-cloud-amd64",
        "6.1, amd64, linux-image-6.1.0-56-amd64",
        "6.1, rt-amd64, linux-image-6.1.0-56-rt-amd64"})
    void choosesTheNewestThatMatches(String version, String flavour, String name) {
        assertThat(Kernels.newest(OFFERED, version, flavour)).map(PackageVersion::name).contains(name);
    }

    @Test
    void findsNothingForAVersionThatIsOnlyAPrefixOfANumber() {
        assertThat(Kernels.newest(OFFERED, "6.11", "cloud-amd64")).isEmpty();
        assertThat(Kernels.newest(OFFERED, "4.19", "cloud-amd64")).isEmpty();
        assertThat(Kernels.newest(OFFERED, "5.1", "cloud-amd64")).isEmpty();
    }

    @Test
    void readsTheReleaseFromTheImage(@TempDir Path folder) throws IOException {
        byte[] image = new byte[4096];
        System.arraycopy("HdrS".getBytes(), 0, image, 0x202, 4);
        image[0x20f] = 0x05;
        byte[] version = "6.9.1-own (me@here) #1 SMP".getBytes();
        System.arraycopy(version, 0, image, 0x700, version.length);
        Path file = Files.write(folder.resolve("vmlinuz"), image);
        assertThat(KernelImage.releaseOf(file)).isEqualTo("6.9.1-own");
        for (byte[] wrong : List.of(new byte[0], new byte[4096], "HdrS".repeat(500).getBytes(), Arrays.copyOf(image, 0x600))) {
            Files.write(file, wrong);
            assertThatThrownBy(() -> KernelImage.releaseOf(file)).isInstanceOf(TestbedException.class).hasMessageContaining("no x86 kernel");
        }
    }

    private static PackageVersion one(String name, String version) {
        return new PackageVersion(name, new DebianVersion(version));
    }
}
