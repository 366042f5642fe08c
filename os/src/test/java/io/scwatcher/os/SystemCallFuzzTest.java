package io.scwatcher.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Random system calls with random arguments: no exception but ordinary errors, and the layer survives. */
class SystemCallFuzzTest {
    private static final int CALLS_PER_PROCESS = 500;
    private static final int AT_ONCE = 8;

    @Test
    void someCallsDoNoHarm() throws Exception {
        fuzz(10_000);
    }

    /** Less than a minute. */
    @Test
    @Tag("slow")
    void manyCallsDoNoHarm() throws Exception {
        fuzz(100_000);
    }

    /** A minute or two. */
    @Test
    @Tag("suite")
    void aMillionCallsDoNoHarm() throws Exception {
        fuzz(1_000_000);
    }

    /** Several processes at once: what they do most is to sleep. */
    private static void fuzz(int calls) throws Exception {
        long seed = System.nanoTime() & 0x7fffffff;
        System.out.println("seed " + seed);
        Path fuzzer = NativeAndLayer.program("fuzz");
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        AtomicInteger started = new AtomicInteger();
        try (Layer layer = TestPrograms.layer(failures).limits(Limits.DEFAULT.withProcesses(200).withMemory(512 << 20)).build();
                ExecutorService processes = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<?>> ends = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                ends.add(processes.submit(() -> {
                    for (int done; failures.isEmpty() && (done = started.getAndAdd(CALLS_PER_PROCESS)) < calls; ) {
                        TestPrograms.inLayer(layer, List.of(fuzzer.toString(), Long.toString(seed + done), Integer.toString(CALLS_PER_PROCESS)), "");
                    }
                    return null;
                }));
            }
            for (Future<?> end : ends) {
                end.get();
            }
            assertThat(failures).as("seed %d, at most %d calls on", seed, started.get()).isEmpty();
            assertThat(TestPrograms.inLayer(layer, List.of("/bin/echo", "fine"), "").output()).isEqualTo("fine\n");
            assertThat(layer.processes().groups()).isEmpty();
        }
    }
}
