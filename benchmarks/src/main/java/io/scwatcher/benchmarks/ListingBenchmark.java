package io.scwatcher.benchmarks;

import io.scwatcher.kernel.discovery.DiscoveryListener;
import io.scwatcher.kernel.discovery.KernelProfile;
import io.scwatcher.memory.GuestMemories;
import io.scwatcher.memory.GuestMemory;
import io.scwatcher.testbed.Guest;
import io.scwatcher.testbed.GuestOptions;
import io.scwatcher.testbed.PackageTree;
import io.scwatcher.testbed.Testbed;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * From a dump to a listing of all tasks with all fields, in a fresh process: ours beside drgn of the distribution's
 * development release, which needs the kernel's debug package and its VMCOREINFO handed to it. Both read the same dump,
 * in turn.
 */
public final class ListingBenchmark {
    private static final List<String> FIELDS = List.of("[0-9]*/stat", "[0-9]*/status", "[0-9]*/statm", "[0-9]*/cmdline");

    private final Path home;
    private final Consumer<String> progress;

    /**
     * Seconds of whole processes.
     *
     * @param ratio ours by drgn's, pair by pair
     */
    public record Result(String release, int tasks, long oursBytes, long drgnBytes, Spread ours, Spread drgn, Spread ratio) {}

    /** @param home of this program, where its launcher is */
    public ListingBenchmark(Path home, Consumer<String> progress) {
        this.home = home;
        this.progress = progress;
    }

    public Result run(int tasks, int rounds) throws IOException {
        Path work = Files.createTempDirectory("scwatcher-bench");
        try {
            return run(work, tasks, rounds);
        } finally {
            try (Stream<Path> files = Files.list(work)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(work);
        }
    }

    private Result run(Path work, int tasks, int rounds) throws IOException {
        Path dump = work.resolve("guest.elf");
        String release;
        String version;
        int counted;
        GuestOptions options = GuestOptions.defaults("bench-listing-" + ProcessHandle.current().pid()).withoutPopulation();
        try (Guest bare = new Testbed(progress).up(options)) {
            counted = count(bare);
            release = bare.release();
        }
        try (Guest guest = new Testbed(progress).up(options.withTasks(Math.max(0, tasks - counted)))) {
            counted = count(guest);
            version = packageVersion(guest.exec("uname", "-v").orFail().output());
            guest.dump(dump);
        }
        WholeProcess ours = new WholeProcess(Stream.concat(
                Stream.of(home.resolve("scwatcher").toString(), "cat", "--vm", dump.toString()), FIELDS.stream()).toList());
        WholeProcess drgn = new WholeProcess(drgn(work, dump, release, version));
        progress.accept("one run of each to warm caches: ours %.2f s, drgn %.2f s".formatted(ours.seconds(), drgn.seconds()));
        double[] a = new double[rounds];
        double[] b = new double[rounds];
        double[] ratio = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            a[i] = ours.seconds();
            b[i] = drgn.seconds();
            ratio[i] = a[i] / b[i];
            progress.accept("round %d: ours %.2f s, drgn %.2f s".formatted(i + 1, a[i], b[i]));
        }
        return new Result(release, counted, ours.outputBytes(), drgn.outputBytes(), Spread.of(a), Spread.of(b), Spread.of(ratio));
    }

    private static int count(Guest guest) {
        return Integer.parseInt(guest.exec("sh", "-c", "ls -d /proc/[0-9]* | wc -l").orFail().output().strip());
    }

    /** drgn in a chroot of the development release, with the dump and the debug kernel bound into it. */
    private List<String> drgn(Path work, Path dump, String release, String version) throws IOException {
        PackageTree trees = new PackageTree(progress);
        Path root = trees.of("sid", List.of("python3-drgn"));
        Path debug = trees.only("linux-image-" + release + "-dbg", version);
        Path vmlinux = debug.resolve("usr/lib/debug/boot/vmlinux-" + release);
        Path script = work.resolve("listing.py");
        try (InputStream source = ListingBenchmark.class.getResourceAsStream("drgn_listing.py")) {
            Files.copy(source, script, StandardCopyOption.REPLACE_EXISTING);
        }
        Path note = work.resolve("vmcoreinfo");
        try (GuestMemory memory = GuestMemories.open(dump.toString())) {
            Files.write(note, KernelProfile.discover(memory, DiscoveryListener.NONE).vmcoreInfo()
                    .orElseThrow(() -> new IllegalStateException("the guest has no VMCOREINFO")));
        }
        String mounts = "mkdir -p \"$1/mnt/work\" \"$1/mnt/debug\" && mount --bind \"$2\" \"$1/mnt/work\""
                + " && mount --bind \"$3\" \"$1/mnt/debug\" && exec chroot \"$1\" /usr/bin/python3 /mnt/work/listing.py"
                + " /mnt/work/guest.elf \"/mnt/debug/$4\" /mnt/work/vmcoreinfo";
        return List.of("unshare", "--mount", "sh", "-c", mounts, "sh", root.toString(), work.toString(),
                vmlinux.getParent().toString(), vmlinux.getFileName().toString());
    }

    /** {@code #1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-11-16)} names the package's version. */
    private static String packageVersion(String build) {
        Matcher version = Pattern.compile("Debian (\\S+)").matcher(build);
        if (!version.find()) {
            throw new IllegalStateException("this kernel does not name its package's version: " + build);
        }
        return version.group(1);
    }
}
