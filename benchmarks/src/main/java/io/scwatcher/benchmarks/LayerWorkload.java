package io.scwatcher.benchmarks;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One of the programs that are compared.
 *
 * @param name what {@code --only} selects by
 * @param prepare shell commands that make its input, not measured; empty for none
 * @param command what is measured
 * @param place where it runs
 * @param warmUp seconds that the layer is warmed up for; 0 where each run takes so long that one round without warming up has to do
 * @param sameOutput whether it prints the same everywhere
 */
record LayerWorkload(String name, String what, String prepare, List<String> command, Place place, int warmUp, boolean sameOutput) {
    /** Many short programs: most of their code runs once in each, so that the JVM takes long to find it hot. */
    private static final int LONG_WARM_UP = 75;
    private static final int WARM_UP = 25;

    enum Place {
        /** The layer alone. */
        ALONE,
        /** A layer that watches a VM; natively, a PID namespace with as many processes. */
        VM,
        /** Likewise, everything from the launcher on in a process of its own. */
        COLD
    }

    /** @param quick smaller inputs */
    static List<LayerWorkload> all(boolean quick) {
        List<LayerWorkload> all = new ArrayList<>();
        int commands = quick ? 100 : 300;
        all.add(new LayerWorkload("fork-exec", "/bin/true under bash, " + commands + " times", "",
                List.of("/bin/bash", "-c", "for i in $(seq 1 " + commands + "); do /bin/true; done; echo $i"), Place.ALONE, LONG_WARM_UP, true));
        all.add(new LayerWorkload("tcpd", "chkrootkit tcpd", "", List.of("/bin/sh", "/usr/sbin/chkrootkit", "tcpd"), Place.VM, LONG_WARM_UP, true));
        all.add(new LayerWorkload("ps", "ps auxww", "", List.of("/bin/ps", "auxww"), Place.VM, LONG_WARM_UP, false));
        all.add(new LayerWorkload("ps-cold", "ps auxww in a fresh JVM", "", List.of("/bin/ps", "auxww"), Place.COLD, 0, false));
        if (!quick) {
            all.add(new LayerWorkload("chkproc", "chkproc, 8.4 million system calls", "", List.of("/usr/lib/chkrootkit/chkproc"), Place.VM, 0, false));
        }
        // Of files that are the same in all places: where QEMU runs programs, scripts stand in for them.
        int mixed = quick ? 2 : 20;
        all.add(alone("gzip", "gzip -9 of " + mixed + " MB", "cat /usr/bin/qemu-m*-static | head -c " + mixed + "000000 >/tmp/mixed", "/bin/gzip", "-9nc", "/tmp/mixed"));
        int zeros = quick ? 20 : 100;
        all.add(alone("sha256sum", "sha256sum of " + zeros + " MB", "head -c " + zeros + "000000 /dev/zero >/tmp/zeros", "/usr/bin/sha256sum", "/tmp/zeros"));
        String turns = quick ? "2e6" : "2e7";
        all.add(alone("gawk", "gawk, loop of " + turns, "", "/usr/bin/gawk", "BEGIN{for(i=0;i<" + turns + ";i++)s+=i;print s}"));
        int lines = quick ? 200_000 : 1_000_000;
        all.add(alone("sort", "sort of " + lines + " lines", "seq 1000000 " + (999_999 + lines) + " | rev >/tmp/lines", "/usr/bin/sort", "/tmp/lines"));
        return all;
    }

    private static LayerWorkload alone(String name, String what, String prepare, String... command) {
        return new LayerWorkload(name, what, prepare, List.of(command), Place.ALONE, WARM_UP, true);
    }

    /** Whether a single round takes a minute. */
    boolean longest() {
        return place == Place.VM && warmUp == 0;
    }

    /** @param glob as in file names */
    boolean matches(String glob) {
        return FileSystems.getDefault().getPathMatcher("glob:" + glob).matches(Path.of(name));
    }

    /** The command under a shell that prints to stderr the seconds it took, and nothing else. */
    List<String> timed() {
        List<String> timed = new ArrayList<>(List.of("/bin/bash", "-c", "TIMEFORMAT=%R; time \"$@\" >/dev/null 2>&1", "bash"));
        timed.addAll(command);
        return timed;
    }
}
