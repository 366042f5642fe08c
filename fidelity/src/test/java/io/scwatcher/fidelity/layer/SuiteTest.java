package io.scwatcher.fidelity.layer;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.cpu.Engines;
import io.scwatcher.os.Limits;
import io.scwatcher.os.bundle.Bundle;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every test of others' suites that passes natively passes in the layer, but for the known ones. Needs the superuser; docs/suites.md tells how long. */
@Tag("suite")
class SuiteTest {
    @Test
    void busyBox() throws Exception {
        passesWhatPassesNatively("busybox", 1000);
    }

    @Test
    void bash() throws Exception {
        passesWhatPassesNatively("bash", 80);
    }

    @Test
    void mksh() throws Exception {
        passesWhatPassesNatively("mksh", 400);
    }

    private static void passesWhatPassesNatively(String name, int leastTests) throws Exception {
        Suite suite = new Suite(name, System.out::println);
        try (ToolBundle tools = ToolBundle.of(suite.packages(), suite.files(), System.out::println); Bundle bundle = Bundle.open(tools.file());
                LayerRunner layer = new LayerRunner(bundle.root(), Engines.mixed(), Limits.DEFAULT, null)) {
            SuiteComparison all = SuiteComparison.of("", "");
            for (String part : suite.parts(tools.natively())) {
                SuiteComparison one = suite.compare(part, tools.natively(), layer);
                System.out.println(part + ": " + one.summary());
                all = all.and(one);
            }
            System.out.println(name + ": " + all.summary());
            assertThat(layer.failures()).isEmpty();
            assertThat(all.tests()).hasSizeGreaterThan(leastTests);
            assertThat(all.regressions(suite.known())).isEmpty();
        }
    }
}
