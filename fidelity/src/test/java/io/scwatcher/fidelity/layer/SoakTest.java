package io.scwatcher.fidelity.layer;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.cpu.Engines;
import io.scwatcher.os.Limits;
import io.scwatcher.os.bundle.Bundle;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Ten thousand times fork, exec and a pipe: some minutes. Nothing may be left of what is over. */
@Tag("slow")
class SoakTest {
    private static final int CYCLES = 10_000;
    private static final int WARM_UP = 1_000;

    @Test
    void memoryReturnsToWhereItStarted() throws Exception {
        Path file = ToolBundle.ofPackages(List.of(), System.out::println);
        try (Bundle bundle = Bundle.open(file); LayerRunner layer = new LayerRunner(bundle.root(), Engines.mixed(), Limits.DEFAULT, null)) {
            cycles(layer, WARM_UP);
            long before = usedBytes();
            cycles(layer, CYCLES);
            long after = usedBytes();
            System.out.printf("%,d bytes before, %,d after %,d cycles%n", before, after, CYCLES);
            assertThat(after).isLessThan(before + before / 20);
            assertThat(layer.failures()).isEmpty();
            assertThat(layer.layer().processes().groups()).isEmpty();
        }
    }

    private static void cycles(LayerRunner layer, int count) throws Exception {
        Outcome outcome = layer.run(List.of("/bin/dash", "-c", "i=0; while [ $i -lt %d ]; do x=$(echo $i | /bin/cat); i=$((x + 1)); done; echo $i".formatted(count)),
                "/", new byte[0], Duration.ofHours(1));
        assertThat(outcome).isEqualTo(new Outcome(0, count + "\n", ""));
    }

    /** Once the collector finds nothing more. */
    private static long usedBytes() throws InterruptedException {
        long used = Long.MAX_VALUE;
        for (int i = 0; i < 10; i++) {
            System.gc();
            Thread.sleep(100);
            used = Math.min(used, Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
        }
        return used;
    }
}
