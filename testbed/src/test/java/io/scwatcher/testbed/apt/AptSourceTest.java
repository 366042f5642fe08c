package io.scwatcher.testbed.apt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AptSourceTest {
    @Test
    void readsTheOneLineFormat() {
        List<AptSource> sources = AptSource.parseOneLine("""
                # deb http://commented.example/debian x main
                deb http://a.example/debian bookworm main contrib # end of line
                deb-src http://a.example/debian bookworm main
                deb [ arch=amd64 signed-by=/k.gpg ] https://b.example/debian bookworm-security main
                deb\tfile:/flat ./
                debris
                """);
        assertThat(sources).containsExactly(
                new AptSource("http://a.example/debian", "bookworm", List.of("main", "contrib"), Map.of()),
                new AptSource("https://b.example/debian", "bookworm-security", List.of("main"),
                        Map.of("arch", "amd64", "signed-by", "/k.gpg")),
                new AptSource("file:/flat", "./", List.of(), Map.of()));
    }

    @Test
    void readsTheDeb822Format() {
        List<AptSource> sources = AptSource.parseDeb822("""
                # a comment
                Types: deb deb-src
                URIs: http://a.example/debian
                # a comment inside
                Suites: bookworm
                 bookworm-updates
                Components: main
                Signed-By: /k.gpg
                Architectures: amd64 i386

                Types: deb
                URIs: http://off.example/
                Suites: x
                Components: main
                Enabled: no

                Types: deb-src
                URIs: http://source.example/
                Suites: x
                Components: main
                """);
        assertThat(sources).containsExactly(
                new AptSource("http://a.example/debian", "bookworm", List.of("main"),
                        Map.of("signed-by", "/k.gpg", "arch", "amd64,i386")),
                new AptSource("http://a.example/debian", "bookworm-updates", List.of("main"),
                        Map.of("signed-by", "/k.gpg", "arch", "amd64,i386")));
    }

    @Test
    void leavesEmbeddedKeysToAptsTrustedOnes() {
        List<AptSource> sources = AptSource.parseDeb822("""
                Types: deb
                URIs: http://a.example/debian
                Suites: bookworm
                Components: main
                Signed-By:
                 -----BEGIN PGP PUBLIC KEY BLOCK-----
                 .
                 abc=
                 -----END PGP PUBLIC KEY BLOCK-----
                """);
        assertThat(sources).singleElement().satisfies(source -> assertThat(source.options()).isEmpty());
    }

    @Test
    void printsWhatItReads() {
        String line = "deb [signed-by=/k.gpg] http://a.example/debian bookworm main";
        assertThat(AptSource.parseOneLine(line).getFirst().line()).isEqualTo(line);
    }

    @Test
    void derivesTheOtherReleasesFromTheMachinesOwn() {
        List<AptSource> machine = AptSource.parseOneLine("""
                deb [signed-by=/k.gpg] http://a.example/debian bookworm main
                deb [signed-by=/k.gpg] http://s.example/security bookworm-security main
                deb http://third.example/ stuff main
                """);
        assertThat(new DebianRelease("bookworm").allReleases(machine)).extracting(AptSource::line).contains(
                "deb [signed-by=/k.gpg] http://a.example/debian bullseye main",
                "deb [signed-by=/k.gpg] http://s.example/security bullseye-security main",
                "deb [signed-by=/k.gpg] http://s.example/security buster/updates main",
                "deb [signed-by=/k.gpg] http://a.example/debian trixie-backports main",
                "deb [signed-by=/k.gpg] http://a.example/debian sid main")
                .noneMatch(line -> line.contains("third.example"))
                .noneMatch(line -> line.contains("sid-"))
                .doesNotHaveDuplicates();
    }

    @Test
    void understandsReleasesNamedByTheirRole() {
        List<AptSource> machine = AptSource.parseOneLine("deb http://a.example/debian stable-updates main");
        assertThat(new DebianRelease("trixie").allReleases(machine)).extracting(AptSource::suite)
                .contains("bookworm-updates", "trixie-updates");
    }

    @Test
    void keepsToItsOwnReleaseOnOtherDistributions() {
        List<AptSource> machine = AptSource.parseOneLine("deb http://a.example/ubuntu noble-updates main");
        assertThat(new DebianRelease("noble").allReleases(machine)).extracting(AptSource::suite).containsExactly("noble-updates");
    }
}
