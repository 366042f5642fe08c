package io.scwatcher.testbed.apt;

import io.scwatcher.testbed.TestbedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A release of Debian, and how the archives of the machine's release lead to those of the others. */
public record DebianRelease(String codename) {
    /** Oldest first. {@code sid} is always the development release. */
    private static final List<String> CODENAMES = List.of("buster", "bullseye", "bookworm", "trixie", "forky", "duke", "sid");
    private static final List<String> ROLES = List.of("oldstable", "stable", "testing", "unstable");
    private static final String SECURITY_BEFORE_BULLSEYE = "/updates";
    private static final String BACKPORTS = "-backports";
    private static final List<String> POCKETS = List.of("", "-security", SECURITY_BEFORE_BULLSEYE, "-updates", BACKPORTS);

    /** The release of this machine, by os-release(5). */
    public static DebianRelease ofHost() {
        try {
            for (String line : Files.readAllLines(Path.of("/etc/os-release"))) {
                if (line.startsWith("VERSION_CODENAME=")) {
                    return new DebianRelease(line.substring(17).replace("\"", "").strip());
                }
            }
        } catch (IOException e) {
            throw new TestbedException("cannot read /etc/os-release: the testbed needs a Debian-like machine", e);
        }
        return new DebianRelease("sid");
    }

    /**
     * The archives of this release, and the same archives with the suites of every other release and of the backports,
     * which hold the kernels between the releases'. Archives that do not name this release in their suite (third parties)
     * are left out; on a distribution other than Debian only its own archives remain.
     */
    public List<AptSource> allReleases(List<AptSource> sources) {
        List<AptSource> own = sources.stream().filter(source -> isOfRelease(source.suite())).toList();
        if (own.isEmpty()) {
            throw new TestbedException("no apt archive of the release \"" + codename
                    + "\" found in /etc/apt: the testbed takes kernels from the machine's own archives");
        }
        Set<AptSource> all = new LinkedHashSet<>();
        boolean debian = CODENAMES.contains(codename);
        for (String other : debian ? CODENAMES : List.of(codename)) {
            for (AptSource source : own) {
                String pocket = pocket(source.suite());
                suites(pocket, other).stream().map(source::withSuite).forEach(all::add);
                if (debian && pocket.isEmpty()) {
                    suites(BACKPORTS, other).stream().map(source::withSuite).forEach(all::add);
                }
            }
        }
        return new ArrayList<>(all);
    }

    /** Machines may name their release by its role instead. */
    private boolean isOfRelease(String suite) {
        String name = suite.replaceFirst("[-/].*", "");
        return (name.equals(codename) || CODENAMES.contains(codename) && ROLES.contains(name)) && POCKETS.contains(pocket(suite));
    }

    private static String pocket(String suite) {
        return suite.replaceFirst("^[^-/]*", "");
    }

    private static List<String> suites(String pocket, String release) {
        if (release.equals("sid")) {
            return pocket.isEmpty() ? List.of(release) : List.of();
        }
        boolean security = pocket.equals("-security") || pocket.equals(SECURITY_BEFORE_BULLSEYE);
        return List.of(release + (security ? release.equals("buster") ? SECURITY_BEFORE_BULLSEYE : "-security" : pocket));
    }
}
