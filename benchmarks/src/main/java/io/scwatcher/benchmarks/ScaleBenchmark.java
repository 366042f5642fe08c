package io.scwatcher.benchmarks;

import io.scwatcher.enclave.watch.Capture;
import io.scwatcher.host.Watch;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.testbed.Guest;
import io.scwatcher.testbed.GuestOptions;
import io.scwatcher.testbed.Testbed;
import io.scwatcher.vfs.Directory;
import io.scwatcher.vfs.RegularFile;
import io.scwatcher.vfs.RegularFile.OpenFile;
import io.scwatcher.vprocfs.ProcFs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.stream.DoubleStream;

/**
 * What a refresh costs against the number of tasks or sockets in the guest: in this process, with the profile known and the
 * code warm, each time in a new epoch of a running guest.
 */
public final class ScaleBenchmark {
    private static final List<String> SOCKET_FILES = List.of("tcp", "tcp6", "udp", "udp6", "unix", "raw", "packet", "netlink");
    private static final int MEMORY_MIB = 4096;
    /** The optimising compiler needs that long for all that a refresh runs, beside a busy processor. */
    private static final Duration WARM_UP = Duration.ofSeconds(4);

    private final Consumer<String> progress;

    /**
     * One size.
     *
     * @param what tasks or sockets
     * @param count how many the guest had, by our own listing
     * @param milliseconds a whole refresh
     * @param microsecondsEach the median by the count: constant where the cost is linear
     */
    public record Point(String what, int count, Spread milliseconds, double microsecondsEach) {}

    public ScaleBenchmark(Consumer<String> progress) {
        this.progress = progress;
    }

    public List<Point> tasks(int[] sizes, int rounds) {
        List<Point> points = new ArrayList<>();
        for (int size : sizes) {
            try (Guest guest = boot(options().withTasks(size)); Watch watch = open(guest)) {
                points.add(told(refresh(watch, rounds, false)));
            }
        }
        return points;
    }

    /** A full refresh of the tasks of one VM or dump. @param parallel on all processors instead of in one thread */
    public Point refresh(Watch watch, int rounds, boolean parallel) {
        TaskRefresh refresh = new TaskRefresh(watch, parallel);
        Spread spread = measure(refresh::run, rounds);
        return point("tasks", refresh.tasks(), spread);
    }

    public List<Point> sockets(int[] sizes, int rounds) {
        List<Point> points = new ArrayList<>();
        for (int size : sizes) {
            try (Guest guest = boot(options().withSockets(size)); Watch watch = open(guest)) {
                int[] lines = new int[1];
                Spread spread = measure(() -> {
                    long start = System.nanoTime();
                    lines[0] = readSockets(watch);
                    return (System.nanoTime() - start) / 1e6;
                }, rounds);
                points.add(told(point("sockets", lines[0], spread)));
            }
        }
        return points;
    }

    private Guest boot(GuestOptions options) {
        return new Testbed(progress).up(options.withBootTimeoutSeconds(600));
    }

    private static GuestOptions options() {
        return GuestOptions.defaults("bench-scale-" + ProcessHandle.current().pid()).withoutPopulation()
                .withMemoryMiB(MEMORY_MIB).withMemory(GuestOptions.MemoryBacking.MEMFD);
    }

    private Watch open(Guest guest) {
        return Watch.open(guest.name(), Capture.PAUSED, progress);
    }

    private Point told(Point point) {
        progress.accept("%d %s: %s ms, %.1f us each".formatted(point.count(), point.what(), point.milliseconds(),
                point.microsecondsEach()));
        return point;
    }

    private static Point point(String what, int count, Spread milliseconds) {
        return new Point(what, count, milliseconds, milliseconds.median() * 1000 / count);
    }

    /** Rounds until the code is warm are not counted: as many as are counted, and those of the first seconds. */
    private static Spread measure(DoubleSupplier round, int rounds) {
        long start = System.nanoTime();
        for (int i = 0; i < rounds || System.nanoTime() - start < WARM_UP.toNanos(); i++) {
            round.getAsDouble();
        }
        return Spread.of(DoubleStream.generate(round).limit(rounds).toArray());
    }

    /** @return lines of the socket tables, their headings not counted */
    private static int readSockets(Watch watch) {
        Kernel epoch = watch.profile().epoch(watch.memory());
        Directory net = (Directory) ((Directory) new ProcFs(() -> epoch).root().lookup("1")).lookup("net");
        byte[] buffer = new byte[1 << 16];
        int[] lines = new int[1];
        for (String name : SOCKET_FILES) {
            if (net.lookup(name) instanceof RegularFile file) {
                try (OpenFile open = file.open()) {
                    open.readAll(buffer, Long.MAX_VALUE, (bytes, length) -> {
                        for (int i = 0; i < length; i++) {
                            lines[0] += bytes[i] == '\n' ? 1 : 0;
                        }
                    });
                    lines[0]--;
                }
            }
        }
        return lines[0];
    }
}
