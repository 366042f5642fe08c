package io.scwatcher.testbed.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.testbed.apt.DebianVersion;
import io.scwatcher.testbed.apt.PackageVersion;
import java.util.List;
import org.junit.jupiter.api.Test;
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
            one("linux-image-7.2.12+deb14-cloud-amd64", "7.2.12-1"),
            one("linux-image-7.2.13+deb14-cloud-amd64-unsigned", "7.2.13-1"));

    @ParameterizedTest
    @CsvSource({
        "6.1, cloud-amd64, linux-image-6.1.0-56-cloud-amd64",
        "6.1.x, cloud-amd64, linux-image-6.1.0-56-cloud-amd64",
        "6, cloud-amd64, linux-image-6.12.117+deb13-cloud-amd64",
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

    private static PackageVersion one(String name, String version) {
        return new PackageVersion(name, new DebianVersion(version));
    }
}
