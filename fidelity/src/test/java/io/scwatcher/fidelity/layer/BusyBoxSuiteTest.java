package io.scwatcher.fidelity.layer;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.cpu.Engines;
import io.scwatcher.os.Limits;
import io.scwatcher.os.bundle.Bundle;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every test of BusyBox that passes natively passes in the layer, but for the known ones. Needs the superuser; about an hour. */
@Tag("suite")
class BusyBoxSuiteTest {
    /** What the scripts of the suite use. */
    private static final List<String> PACKAGES = List.of("bzip2", "xxd", "procps", "unzip", "sharutils");

    @Test
    void passesWhatPassesNatively() throws Exception {
        BusyBoxSuite suite = new BusyBoxSuite(System.out::println);
        Map<String, String> known = KnownFailures.read(BusyBoxSuiteTest.class, "busybox-known.txt");
        try (ToolBundle tools = ToolBundle.of(PACKAGES, suite.files(), System.out::println); Bundle bundle = Bundle.open(tools.file());
                LayerRunner layer = new LayerRunner(bundle.root(), Engines.mixed(), Limits.DEFAULT, null)) {
            SuiteComparison all = new SuiteComparison(Map.of());
            for (String applet : suite.applets()) {
                all = all.and(suite.applet(applet, tools.natively(), layer));
            }
            for (String directory : suite.ashDirectories()) {
                all = all.and(suite.ash(directory, tools.natively(), layer));
            }
            System.out.println(all.summary());
            assertThat(layer.failures()).isEmpty();
            assertThat(all.tests()).hasSizeGreaterThan(1000);
            assertThat(all.regressions(known.keySet())).isEmpty();
        }
    }
}
