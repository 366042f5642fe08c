package io.scwatcher.fidelity;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    private static final int READER = 99;

    /** A tree that is being put together. */
    private static final class Tree {
        final List<ProcNode> nodes = new ArrayList<>();

        Tree() {
            directory("");
        }

        Tree directory(String path) {
            nodes.add(new ProcNode(ProcNode.Kind.DIRECTORY, path, 0040555, 0, 0, 2, 0, 0, new byte[0]));
            return this;
        }

        Tree file(String path, String text) {
            return file(path, 0100444, 0, text);
        }

        Tree file(String path, int mode, int error, String text) {
            nodes.add(new ProcNode(ProcNode.Kind.REGULAR, path, mode, 0, 0, 1, error, 0,
                    text.getBytes(StandardCharsets.ISO_8859_1)));
            return this;
        }

        Tree link(String path, String text) {
            nodes.add(new ProcNode(ProcNode.Kind.LINK, path, 0120777, 0, 0, 1, 0, 0,
                    text.getBytes(StandardCharsets.ISO_8859_1)));
            return this;
        }

        ProcArchive archive() {
            return ProcArchive.of(READER, nodes);
        }
    }

    private static Scoreboard compare(Tree before, Tree after, Tree ours) {
        return Comparison.compare(before.archive(), after.archive(), ArchiveTree.root(ours.archive()), List.of());
    }

    private static NodeResult result(Scoreboard scoreboard, String path) {
        return scoreboard.results().stream().filter(result -> result.path().equals(path)).findFirst().orElseThrow();
    }

    @Test
    void whatStoodStillMustBeIdentical() {
        Tree guest = new Tree().file("version", "Linux 6\n").file("uptime", "5\n");
        Scoreboard scoreboard = compare(guest, guest, new Tree().file("version", "Linux 6\n").file("uptime", "6\n"));
        assertThat(result(scoreboard, "version").verdict()).isEqualTo(Verdict.IDENTICAL);
        assertThat(result(scoreboard, "uptime").verdict()).isEqualTo(Verdict.DIFFERING);
        assertThat(result(scoreboard, "uptime").lines()).containsExactly(new LineDifference("5", "5", "6"));
    }

    @Test
    void whatMovedMustLieBetween() {
        Tree before = new Tree().file("uptime", "5.95 1\n");
        Tree after = new Tree().file("uptime", "6.05 3\n");
        assertThat(result(compare(before, after, new Tree().file("uptime", "6.00 2\n")), "uptime").verdict())
                .isEqualTo(Verdict.WITHIN);
        assertThat(result(compare(before, after, new Tree().file("uptime", "6.06 2\n")), "uptime").verdict())
                .isEqualTo(Verdict.DIFFERING);
    }

    @Test
    void missingAndInventedNodesAreFailures() {
        Tree guest = new Tree().file("stat", "1\n").directory("net").file("net/tcp", "x\n");
        Scoreboard scoreboard = compare(guest, guest, new Tree().file("stat", "1\n").file("extra", "1\n"));
        assertThat(result(scoreboard, "net").verdict()).isEqualTo(Verdict.NOT_SERVED);
        assertThat(result(scoreboard, "net/tcp").verdict()).isEqualTo(Verdict.NOT_SERVED);
        assertThat(result(scoreboard, "extra").verdict()).isEqualTo(Verdict.INVENTED);
        assertThat(scoreboard.total().inGuest()).isEqualTo(4);
        assertThat(scoreboard.total().served()).isEqualTo(2);
        assertThat(scoreboard.requiredFailures()).extracting(NodeResult::path).containsExactly("net");
    }

    @Test
    void processesThatCameOrWentAreNotJudged() {
        Tree before = new Tree().directory("1").directory("7").file("7/comm", "gone\n");
        Tree after = new Tree().directory("1").directory("8").file("8/comm", "new\n");
        Tree ours = new Tree().directory("1").directory("7").file("7/comm", "different\n");
        Scoreboard scoreboard = compare(before, after, ours);
        assertThat(scoreboard.results()).extracting(NodeResult::path).containsExactly("", "1");
        assertThat(scoreboard.transients()).isEqualTo(2);
        assertThat(scoreboard.total().good()).isEqualTo(2);
    }

    @Test
    void theReaderItselfIsNotJudged() {
        Tree guest = new Tree().directory("99").file("99/stat", "99 (procwalk) R\n").link("self", "99");
        Scoreboard scoreboard = compare(guest, guest, new Tree().link("self", "1"));
        assertThat(scoreboard.results()).extracting(NodeResult::path).containsExactly("", "self");
        assertThat(result(scoreboard, "self").verdict()).isEqualTo(Verdict.IDENTICAL);
    }

    @Test
    void attributesAndErrorsAreCompared() {
        Tree guest = new Tree().file("secret", 0100400, 13, "").link("exe", "/bin/sh").file("a", "").file("b", "");
        Tree ours = new Tree().file("secret", 0100444, 0, "").link("exe", "/bin/bash").file("b", "").file("a", "");
        Scoreboard scoreboard = compare(guest, guest, ours);
        assertThat(result(scoreboard, "secret").attributes())
                .containsExactly("mode is 100400, ours 100444", "reading gives EACCES, ours no error");
        assertThat(result(scoreboard, "exe").verdict()).isEqualTo(Verdict.DIFFERING);
        assertThat(result(scoreboard, "").attributes())
                .containsExactly("order of entries: at place 2 the guest has a, ours b");
    }

    @Test
    void fileInsteadOfDirectoryIsAFailure() {
        Tree guest = new Tree().directory("bus").file("bus/a", "");
        Scoreboard scoreboard = compare(guest, guest, new Tree().file("bus", ""));
        assertThat(result(scoreboard, "bus").verdict()).isEqualTo(Verdict.DIFFERING);
        assertThat(result(scoreboard, "bus/a").verdict()).isEqualTo(Verdict.NOT_SERVED);
    }

    @Test
    void readersOwnActivityIsForgivenOnlyWhereTheTableSaysSo() {
        Tree guest = new Tree().file("loadavg", "0.00 0.00 0.00 1/70 9\n").file("stat", "procs_running 1\nctxt 5\n");
        Scoreboard right = compare(guest, guest,
                new Tree().file("loadavg", "0.00 0.00 0.00 0/70 9\n").file("stat", "procs_running 0\nctxt 5\n"));
        assertThat(right.total().of(Verdict.DIFFERING)).isZero();
        Scoreboard wrong = compare(guest, guest,
                new Tree().file("loadavg", "0.00 0.00 0.00 0/69 9\n").file("stat", "procs_running 0\nctxt 4\n"));
        assertThat(wrong.total().of(Verdict.DIFFERING)).isEqualTo(2);
    }

    @Test
    void ofATaskThatRanOnlyItsMomentaryStateIsForgiven() {
        String state = " 20" + " 0".repeat(34) + " %d 0 0\n";
        Tree before = new Tree().directory("9").file("9/schedstat", "1 1 1\n")
                .file("9/comm", "kworker/0:1-events\n").file("9/stat", "9 (kworker/0:1-events) I" + state.formatted(0));
        Tree still = new Tree().directory("9").file("9/schedstat", "1 1 1\n")
                .file("9/comm", "kworker/0:1-mm\n").file("9/stat", "9 (kworker/0:1-mm) R" + state.formatted(1));
        Tree ran = new Tree().directory("9").file("9/schedstat", "9 1 2\n")
                .file("9/comm", "kworker/0:1-events\n").file("9/stat", "9 (kworker/0:1-events) I" + state.formatted(0));
        Tree other = new Tree().directory("9").file("9/schedstat", "5 1 1\n")
                .file("9/comm", "kworker/1:1-events\n").file("9/stat", "9 (kworker/0:1-mm) R" + state.formatted(1).replace("20", "21"));
        assertThat(compare(before, before, still).total().of(Verdict.DIFFERING)).isEqualTo(2);
        assertThat(compare(before, ran, still).total().of(Verdict.DIFFERING)).isZero();
        assertThat(compare(before, ran, other).total().of(Verdict.DIFFERING)).isEqualTo(2);
    }

    @Test
    void ofATaskThatRanTheAveragesOfLoadAreForgiven() {
        String load = "se.avg.load_sum    : %20d\nse.load.weight     : %20d\n";
        Tree before = new Tree().directory("9").file("9/schedstat", "1 1 1\n").file("9/sched", load.formatted(212, 1024));
        Tree after = new Tree().directory("9").file("9/schedstat", "5 1 2\n").file("9/sched", load.formatted(190, 1024));
        Tree ours = new Tree().directory("9").file("9/schedstat", "3 1 1\n").file("9/sched", load.formatted(23000, 1024));
        assertThat(compare(before, after, ours).total().of(Verdict.DIFFERING)).isZero();
        assertThat(result(compare(before, before, ours), "9/sched").verdict()).isEqualTo(Verdict.DIFFERING);
        Tree weight = new Tree().directory("9").file("9/schedstat", "3 1 1\n").file("9/sched", load.formatted(200, 1025));
        assertThat(result(compare(before, after, weight), "9/sched").lines()).hasSize(1);
        Tree impossible = new Tree().directory("9").file("9/schedstat", "3 1 1\n").file("9/sched", load.formatted(1L << 40, 1024));
        assertThat(result(compare(before, after, impossible), "9/sched").lines()).hasSize(1);
    }

    @Test
    void likeDifferencesAreOneCause() {
        Tree guest = new Tree().directory("1").file("1/stat", "1 (a) S 5\n").directory("2").file("2/stat", "2 (b) S 6\n");
        Tree ours = new Tree().directory("1").file("1/stat", "1 (a) S 7\n").directory("2").file("2/stat", "2 (b) S 8\n");
        List<Cause> causes = Cause.of(compare(guest, guest, ours).results());
        assertThat(causes).hasSize(1);
        assertThat(causes.getFirst().what()).isEqualTo("PID/stat: * column 4");
        assertThat(causes.getFirst().nodes()).isEqualTo(2);
    }
}
