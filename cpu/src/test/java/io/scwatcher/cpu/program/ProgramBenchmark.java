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
        System.out.printf("%-10s %9s %9s %9s %9s   milliseconds; engines: first and best run%n", "", "native", "qemu", "first", "best");
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
                long start = System.nanoTime();
                program.run(engine, size);
                times.add((System.nanoTime() - start) / 1_000_000);
            }
            long best = times.stream().min(Long::compare).orElseThrow();
            System.out.printf("%-10s %9d %9d %9d %9d   %.1f times native, %.2f times QEMU%n", name, nativeTime, qemuTime, times.getFirst(), best,
                    (double) best / nativeTime, (double) best / qemuTime);
        }
    }

    private static long time(String... command) throws Exception {
        long start = System.nanoTime();
        Process process = new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        process.waitFor();
        return (System.nanoTime() - start) / 1_000_000;
    }
}
