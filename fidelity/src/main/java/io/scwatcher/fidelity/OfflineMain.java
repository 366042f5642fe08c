package io.scwatcher.fidelity;

import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.discovery.DiscoveryListener;
import io.scwatcher.kernel.discovery.KernelProfile;
import io.scwatcher.memory.GuestMemories;
import io.scwatcher.memory.GuestMemory;
import io.scwatcher.vprocfs.ProcFs;
import io.scwatcher.vprocfs.SelfProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Compares vProcFS with a capture of {@link CaptureMain}, or shows what is in one; for developers.
 * <pre>
 * FOLDER [--path GLOB]... [--show] [--causes N] [--list VERDICT] [--json]   compares
 * cat FOLDER before|after|ours PATH                                         prints one file
 * ls FOLDER before|after [GLOB]                                             lists nodes
 * </pre>
 */
public final class OfflineMain {
    private OfflineMain() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length == 0) {
            System.err.println("usage: OfflineMain FOLDER [--path GLOB]... [--show] [--causes N] [--list VERDICT] [--json]\n"
                    + "       OfflineMain cat FOLDER before|after|ours PATH\n"
                    + "       OfflineMain ls FOLDER before|after [GLOB]");
            System.exit(64);
        }
        switch (arguments[0]) {
            case "cat" -> cat(Path.of(arguments[1]), arguments[2], Globs.relative(arguments[3]));
            case "ls" -> ls(Path.of(arguments[1]), arguments[2], List.of(arguments).subList(3, arguments.length));
            default -> compare(Path.of(arguments[0]), List.of(arguments).subList(1, arguments.length));
        }
    }

    private static void compare(Path folder, List<String> options) throws IOException {
        List<String> globs = new ArrayList<>();
        boolean show = false;
        boolean json = false;
        int causes = 40;
        String list = null;
        for (int i = 0; i < options.size(); i++) {
            switch (options.get(i)) {
                case "--path" -> globs.add(options.get(++i));
                case "--show" -> show = true;
                case "--json" -> json = true;
                case "--causes" -> causes = Integer.parseInt(options.get(++i));
                case "--list" -> list = options.get(++i);
                default -> throw new IllegalArgumentException("unknown option " + options.get(i));
            }
        }
        ProcArchive before = archive(folder, "before");
        ProcArchive after = archive(folder, "after");
        try (GuestMemory memory = GuestMemories.open(folder.resolve("dump.elf").toString())) {
            long start = System.nanoTime();
            Kernel kernel = kernel(memory);
            long discovered = System.nanoTime();
            Scoreboard scoreboard = Comparison.compare(before, after, procFs(kernel, before.readerPid()).root(), globs);
            System.err.printf("discovery %.2f s, reading and comparing %.2f s, %d anomalies%n", (discovered - start) / 1e9,
                    (System.nanoTime() - discovered) / 1e9, kernel.anomalies().count());
            if (json) {
                System.out.println(ScoreboardJson.of(scoreboard));
                return;
            }
            ScoreboardText text = new ScoreboardText(scoreboard);
            if (list != null) {
                System.out.print(text.list(Verdict.valueOf(list.toUpperCase(Locale.ROOT))));
            } else if (show) {
                System.out.print(text.differing(10));
            } else {
                System.out.print(text.causes(causes));
                System.out.println();
                System.out.print(text.table());
            }
            kernel.anomalies().list().stream().limit(show ? 100 : 10)
                    .forEach(anomaly -> System.err.println("anomaly: " + Escaped.of(anomaly, 300)));
        }
    }

    private static Kernel kernel(GuestMemory memory) {
        return KernelProfile.discover(memory, DiscoveryListener.NONE).epoch(memory);
    }

    static ProcFs procFs(Kernel kernel, int reader) {
        return new ProcFs(() -> kernel, io.scwatcher.kernel.task.PidNamespace::initial, new SelfProvider() {
            @Override
            public int process() {
                return reader;
            }

            @Override
            public int thread() {
                return reader;
            }
        });
    }

    private static ProcArchive archive(Path folder, String which) throws IOException {
        return ProcArchive.read(folder.resolve(which + ".archive.gz"));
    }

    private static void cat(Path folder, String which, String path) throws IOException {
        if (which.equals("ours")) {
            try (GuestMemory memory = GuestMemories.open(folder.resolve("dump.elf").toString())) {
                Kernel kernel = kernel(memory);
                ProcReading reading = ProcReading.at(procFs(kernel, archive(folder, "before").readerPid()).root(), path);
                System.out.write(reading.content());
                System.out.flush();
                if (reading.error() != 0) {
                    System.err.println("error " + reading.error());
                }
                kernel.anomalies().list().forEach(anomaly -> System.err.println("anomaly: " + anomaly));
            }
            return;
        }
        ProcNode node = archive(folder, which).node(path);
        if (node == null) {
            System.err.println("no such node");
            System.exit(1);
        }
        System.out.write(node.content());
        System.out.flush();
        if (node.error() != 0) {
            System.err.println("error " + node.error());
        }
    }

    private static void ls(Path folder, String which, List<String> globs) throws IOException {
        var selected = new Globs(globs).selected();
        for (ProcNode node : archive(folder, which).nodes()) {
            if (selected.test(node.path())) {
                System.out.printf("%-9s %06o %5d %5d links %-3d size %-6d read %-8d error %-2d %s%s%n", node.kind(), node.mode(),
                        node.uid(), node.gid(), node.links(), node.size(), node.content().length, node.error(),
                        Escaped.of(node.path()), node.kind() == ProcNode.Kind.LINK ? " -> " + Escaped.of(node.text()) : "");
            }
        }
    }
}
