package io.scwatcher.fidelity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SettlingTest {
    private static Scoreboard scoreboard(NodeResult... results) {
        return new Scoreboard(List.of(results), 0);
    }

    private static NodeResult right(String path) {
        return NodeResult.of(path, true, List.of(), List.of());
    }

    private static NodeResult wrong(String path, String before, String after, String ours) {
        return NodeResult.of(path, true, List.of(), List.of(new LineDifference(before, after, ours)));
    }

    @Test
    void whatMovedMustBeRightTwiceInARow() {
        Settling settling = new Settling(scoreboard(wrong("uptime", "5", "6", "7")));
        assertThat(settling.open()).containsExactly("uptime");
        settling.add(scoreboard(right("uptime")));
        settling.add(scoreboard(wrong("uptime", "5", "6", "7")));
        settling.add(scoreboard(right("uptime")));
        assertThat(settling.scoreboard().total().of(Verdict.DIFFERING)).isEqualTo(1);
        settling.add(scoreboard(right("uptime")));
        assertThat(settling.open()).isEmpty();
        assertThat(settling.scoreboard().total().of(Verdict.WITHIN)).isEqualTo(1);
        assertThat(settling.scoreboard().settledKinds()).containsOnlyKeys("uptime");
    }

    @Test
    void whatStoodStillHasNoChanceUnlessItIsAGauge() {
        assertThat(new Settling(scoreboard(wrong("version", "5", "5", "7"))).open()).isEmpty();
        assertThat(new Settling(scoreboard(wrong("meminfo", "MemFree: 5", "MemFree: 5", "MemFree: 7"))).open()).hasSize(1);
        assertThat(new Settling(scoreboard(wrong("zoneinfo", "  spanned 5", "  spanned 5", "  spanned 7"))).open()).isEmpty();
        assertThat(new Settling(scoreboard(wrong("zoneinfo", "  nr_mlock 5", "  nr_mlock 5", "  nr_mlock 7"))).open()).hasSize(1);
    }

    @Test
    void attributesHaveNoChance() {
        NodeResult mode = NodeResult.of("stat", true, List.of("mode is 100400, ours 100444"), List.of());
        assertThat(new Settling(scoreboard(mode)).open()).isEmpty();
    }

    @Test
    void manyOfOneKindAreNotChance() {
        NodeResult[] many = new NodeResult[41];
        for (int i = 0; i < many.length; i++) {
            many[i] = wrong(i + 1 + "/statm", "5", "6", "7");
        }
        assertThat(new Settling(scoreboard(many)).open()).isEmpty();
    }

    @Test
    void whatIsNotJudgedAgainWasNotRight() {
        Settling settling = new Settling(scoreboard(wrong("9/statm", "5", "6", "7")));
        settling.add(scoreboard(right("9/statm")));
        settling.add(scoreboard());
        settling.add(scoreboard(right("9/statm")));
        assertThat(settling.scoreboard().total().of(Verdict.DIFFERING)).isEqualTo(1);
    }
}
