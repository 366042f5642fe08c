package io.scwatcher.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CountersTest {
    @Test
    void aRunCountsItsProcessesAndSystemCalls() throws Exception {
        Counters counters;
        try (Layer layer = TestPrograms.layer(new ArrayList<>()).build()) {
            Run run = layer.start(List.of("/bin/sh", "-c", "cat /dev/null; cat /dev/null; kill -0 99999999; :"), TestPrograms.ENVIRONMENT, "/",
                    StandardStreams.of(InputStream.nullInputStream(), new ByteArrayOutputStream(), new ByteArrayOutputStream()));
            assertThat(run.waitForExit()).isZero();
            counters = run.counters();
        }
        assertThat(counters.values()).containsEntry(Counters.FORKS, 2L).containsEntry(Counters.THREADS, 0L).containsEntry(Counters.EXECS, 3L)
                .containsEntry("call.execve", 2L).containsEntry("call.kill", 1L).containsEntry("call.exit_group", 3L);
        assertThat(counters.get(Counters.INTERPRETED)).isGreaterThan(10_000);
        assertThat(counters.get(Counters.FRAMES)).isPositive();
        assertThat(counters.get(Counters.GUEST)).isPositive();
        assertThat(counters.get(Counters.GUEST) + counters.get(Counters.CALLS)).isPositive().isLessThanOrEqualTo(counters.get(Counters.TASKS));
        assertThat(counters.lines()).hasSize(4).anyMatch(line -> line.startsWith("tasks  2 forks, 0 threads, 3 execs; "))
                .anyMatch(line -> line.matches("calls  [0-9,]+; .* in [0-9.]+ s.*"));
    }

    @Test
    void growthAndSumGoByName() {
        Counters before = new Counters(Map.of("a", 1L));
        Counters after = new Counters(Map.of("a", 5L, "b", 2L));
        assertThat(after.since(before).values()).containsOnly(Map.entry("a", 4L), Map.entry("b", 2L));
        assertThat(before.and(after).values()).containsOnly(Map.entry("a", 6L), Map.entry("b", 2L));
        assertThat(before.get("missing")).isZero();
    }
}
