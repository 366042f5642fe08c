package io.scwatcher.fidelity.layer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class SuiteComparisonTest {
    @Test
    void tellsWhatIsWorse() {
        SuiteComparison comparison = SuiteComparison.of("""
                PASS: a
                PASS: a
                FAIL: same
                    < x
                FAIL: other
                    < x
                FAIL: better
                chatter
                PASS: hangs
                """, """
                PASS: a
                FAIL: a
                FAIL: same
                    < x
                FAIL: other
                    < y
                PASS: better
                """);
        assertThat(comparison.regressions(Set.of())).containsExactly("a #2", "other", "hangs");
        assertThat(comparison.regressions(Set.of("other"))).containsExactly("a #2", "hangs");
        assertThat(comparison.summary()).startsWith("6 tests: 3 pass natively, 2 in the layer");
    }
}
