package io.scwatcher.fidelity.fuzz;

import io.scwatcher.kernel.discovery.DiscoveryListener;
import io.scwatcher.kernel.discovery.KernelProfile;
import io.scwatcher.memory.GuestMemories;
import io.scwatcher.memory.GuestMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** Fuzzes vProcFS over one dump, for developers: {@code FuzzMain DUMP [ROUNDS [SEED [FIRST-ROUND]]]}. */
public final class FuzzMain {
    private static final int MOST_FAILURES = 50;

    private FuzzMain() {}

    public static void main(String[] arguments) {
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1000;
        long seed = arguments.length > 2 ? Long.parseLong(arguments[2]) : System.nanoTime() & 0xffff_ffffL;
        int first = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 0;
        try (GuestMemory memory = GuestMemories.open(arguments[0])) {
            long start = System.nanoTime();
            Fuzzer fuzzer = new Fuzzer(memory, KernelProfile.discover(memory, DiscoveryListener.NONE), seed);
            System.out.printf("seed %d, %d nodes, looked at in %.1f s%n", seed, fuzzer.subjects(), seconds(start));
            AtomicReference<String> running = new AtomicReference<>("");
            Thread.ofPlatform().daemon().start(() -> watch(running));
            start = System.nanoTime();
            List<Fuzzer.Failure> failures = new ArrayList<>(fuzzer.run(first, rounds, MOST_FAILURES, running::set));
            System.out.printf("%d rounds in %.1f s, %d readings, %d of them not as in the unchanged dump%n", rounds,
                    seconds(start), fuzzer.readings(), fuzzer.changedReadings());
            failures.addAll(fuzzer.discover(first, rounds / 100, MOST_FAILURES, running::set));
            failures.forEach(System.out::println);
            fuzzer.caught().forEach((what, count) -> System.out.printf("%5d caught %s%n", count, what));
            System.out.printf("with %d discoveries %.1f s, %d failures%n", rounds / 100, seconds(start), failures.size());
            System.exit(failures.isEmpty() ? 0 : 1);
        }
    }

    /** Names what takes long, on standard error. */
    private static void watch(AtomicReference<String> running) {
        String last = "";
        try {
            while (true) {
                Thread.sleep(5000);
                String now = running.get();
                if (!now.isEmpty() && now.equals(last)) {
                    System.err.println("for more than 5 s: " + now);
                }
                last = now;
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
