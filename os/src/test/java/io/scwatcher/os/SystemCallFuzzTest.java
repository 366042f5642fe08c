package io.scwatcher.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Random system calls with random arguments: no exception but ordinary errors, and the layer survives. */
class SystemCallFuzzTest {
    private static final int CALLS_PER_PROCESS = 500;

    @Test
    void someCallsDoNoHarm() throws Exception {
        fuzz(10_000);
    }

    /** About a minute. */
    @Test
    @Tag("slow")
    void manyCallsDoNoHarm() throws Exception {
        fuzz(100_000);
    }

    /** About ten minutes. */
    @Test
    @Tag("suite")
    void aMillionCallsDoNoHarm() throws Exception {
        fuzz(1_000_000);
    }

    private static void fuzz(int calls) throws Exception {
        long seed = System.nanoTime() & 0x7fffffff;
        System.out.println("seed " + seed);
        Path fuzzer = NativeAndLayer.program("fuzz");
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        try (Layer layer = TestPrograms.layer(failures).limits(Limits.DEFAULT.withProcesses(200).withMemory(512 << 20)).build()) {
            for (int done = 0; done < calls; done += CALLS_PER_PROCESS) {
                TestPrograms.inLayer(layer, List.of(fuzzer.toString(), Long.toString(seed + done), Integer.toString(CALLS_PER_PROCESS)), "");
                assertThat(failures).as("seed %d", seed + done).isEmpty();
            }
            assertThat(TestPrograms.inLayer(layer, List.of("/bin/echo", "fine"), "").output()).isEqualTo("fine\n");
        }
    }
}
