package io.scwatcher.cpu.program;

import io.scwatcher.cpu.Engine;
import io.scwatcher.cpu.Engines;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Measures the programs of {@code src/test/c} on the engines, and for comparison on the machine's own processor and under QEMU's user-mode emulation, if it
 * is installed. Arguments: names of programs; none for all.
 */
final class ProgramBenchmark {
    private static final Map<String, String> PROGRAMS = Map.of("integers", "20000000", "digest", "2000", "strings", "200000", "pointers", "300", "sorting",
            "300000", "floating", "1000000", "calls", "30000");
    private static final int REPETITIONS = Integer.getInteger("repetitions", 4);

    private ProgramBenchmark() {
    }

    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createTempDirectory("programs");
        Path sources = Path.of(System.getProperty("sources", "src/test/c"));
        List<String> names = arguments.length > 0 ? List.of(arguments) : PROGRAMS.keySet().stream().sorted().toList();
        System.out.printf("%-10s %9s %9s %9s %9s   milliseconds of processor time; engines: first and best run%n", "", "native", "qemu", "first", "best");
        for (String name : names) {
            StaticProgram program = StaticProgram.compile(sources.resolve(name + ".c"), directory);
            String path = directory.resolve(name).toString();
            String size = System.getProperty("size", PROGRAMS.getOrDefault(name, ""));
            long nativeTime = Math.min(time(path, size), time(path, size));
            long qemuTime = Files.exists(Path.of("/usr/bin/qemu-x86_64")) ? time("/usr/bin/qemu-x86_64", path, size) : 0;
            Engine engine = switch (System.getProperty("engine", "mixed")) {
                case "interpreter" -> Engines.interpreter();
                case "compiler" -> Engines.compiler();
                default -> Engines.mixed();
            };
            List<Long> times = new ArrayList<>();
            for (int i = 0; i < REPETITIONS; i++) {
                long start = processorTime();
                program.run(engine, size);
                times.add((processorTime() - start) / 1_000_000);
            }
            long best = times.stream().min(Long::compare).orElseThrow();
            System.out.printf("%-10s %9d %9d %9d %9d   %.1f times native, %.2f times QEMU%n", name, nativeTime, qemuTime, times.getFirst(), best,
                    (double) best / nativeTime, (double) best / qemuTime);
        }
    }

    /** Nanoseconds for which this thread has had a processor; other programs on the machine don't count. */
    private static long processorTime() throws Exception {
        return Long.parseLong(Files.readString(Path.of("/proc/thread-self/schedstat")).split(" ")[0]);
    }

    /** User time in milliseconds. */
    private static long time(String... command) throws Exception {
        List<String> timed = new ArrayList<>(List.of("bash", "-c", "TIMEFORMAT=%3U; time \"$@\" >/dev/null", "time"));
        timed.addAll(List.of(command));
        Process process = new ProcessBuilder(timed).start();
        String seconds = new String(process.getErrorStream().readAllBytes()).strip();
        process.waitFor();
        return Math.round(Double.parseDouble(seconds) * 1000);
    }
}
