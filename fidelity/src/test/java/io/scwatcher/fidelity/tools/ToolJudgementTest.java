package io.scwatcher.fidelity.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class ToolJudgementTest {
    private static final String LISTING = "PID CMD\n1 init\n300 sh\n";
    private static final int SHELL = 90;

    private static ToolOutput inside(String out, int lastBefore, int last) {
        return new ToolOutput(out, "", 0, SHELL, lastBefore, last, 1);
    }

    private static ToolOutput outside(String out) {
        return new ToolOutput(out, "", 0, 0, 0, 0, 1);
    }

    @Test
    void theToolsOwnLineIsExcepted() {
        ToolResult result = ToolFidelity.judge(ToolCase.of("ps"), inside(LISTING + "301 ps\n", 300, 301), inside(LISTING + "302 ps\n", 301, 302),
                outside(LISTING), 1);
        assertThat(result.isRight()).isTrue();
        assertThat(result.lines()).isEqualTo(3);
    }

    @Test
    void aProcessThatIsMissingOutsideIsADifference() {
        ToolResult result = ToolFidelity.judge(ToolCase.of("ps"), inside(LISTING, 300, 300), inside(LISTING, 300, 300), outside("PID CMD\n1 init\n"), 1);
        assertThat(result.differences()).singleElement().satisfies(one -> assertThat(one.guest()).isEqualTo("300 sh"));
    }

    @Test
    void aProcessThatIsOnlyOutsideIsADifference() {
        assertThat(ToolFidelity.judge(ToolCase.of("ps"), inside(LISTING, 300, 300), inside(LISTING, 300, 300), outside(LISTING + "32769 ps\n"), 1).isRight())
                .isFalse();
    }

    @Test
    void theShellThatRunsTheToolMayDoSomethingElse() {
        String line = "90 sh %s\n";
        assertThat(ToolFidelity.judge(ToolCase.of("ps"), inside(LISTING + line.formatted("do_wait"), 300, 300), inside(LISTING + line.formatted("do_wait"), 300,
                300), outside(LISTING + line.formatted("pipe_read")), 1).isRight()).isTrue();
    }

    @Test
    void theExitStatusCounts() {
        ToolOutput failed = new ToolOutput(LISTING, "", 1, 0, 0, 0, 1);
        assertThat(ToolFidelity.judge(ToolCase.of("ps"), inside(LISTING, 300, 300), inside(LISTING, 300, 300), failed, 1).isRight()).isFalse();
    }

    @Test
    void whatMovedLiesBetween() {
        assertThat(ToolFidelity.judge(ToolCase.of("uptime"), inside("up 10 s\n", 1, 2), inside("up 14 s\n", 2, 3), outside("up 12 s\n"), 1).isRight()).isTrue();
        assertThat(ToolFidelity.judge(ToolCase.of("uptime"), inside("up 10 s\n", 1, 2), inside("up 14 s\n", 2, 3), outside("up 15 s\n"), 1).isRight()).isFalse();
    }

    @Test
    void aTopsOwnTaskMayBeMissingFromItsCountButNoMore() {
        String tasks = "Tasks: %d total,   %d running\n";
        ToolCase top = ToolCase.of("top -bn1");
        assertThat(ToolFidelity.judge(top, inside(tasks.formatted(88, 1), 1, 2), inside(tasks.formatted(88, 1), 2, 3), outside(tasks.formatted(87, 0)), 1)
                .isRight()).isTrue();
        assertThat(ToolFidelity.judge(top, inside(tasks.formatted(88, 1), 1, 2), inside(tasks.formatted(88, 1), 2, 3), outside(tasks.formatted(86, 0)), 1)
                .isRight()).isFalse();
    }

    @Test
    void aWorkerMayHaveAnotherQueue() {
        ToolCase ps = ToolCase.of("ps");
        String line = "29 ? I 0:00 [kworker/1:1-%s]\n";
        assertThat(ToolFidelity.judge(ps, inside(line.formatted("events"), 99, 99), inside(line.formatted("events"), 99, 99),
                outside(line.formatted("mm_percpu_wq")), 1).isRight()).isTrue();
        assertThat(ToolFidelity.judge(ps, inside(line.formatted("events"), 99, 99), inside(line.formatted("events"), 99, 99),
                outside(line.replace("1:1", "1:2").formatted("events")), 1).isRight()).isFalse();
    }

    @Test
    void theSocketThatAsksForSocketsIsExcepted() {
        String line = "nl UNCONN %d 0 %s * \n";
        String others = line.formatted(0, "0:4242");
        assertThat(ToolFidelity.judge(ToolCase.of("ss -anp"), inside(others + line.formatted(768, "4:0") + line.formatted(4352, "4:301"), 300, 301),
                inside(others + line.formatted(768, "4:0") + line.formatted(4352, "4:303"), 302, 303), outside(others + line.formatted(0, "4:0")), 1).isRight())
                .isTrue();
        assertThat(ToolFidelity.judge(ToolCase.of("ss -anp"), inside(others + line.formatted(0, "4:77"), 300, 301), inside(others + line.formatted(0, "4:77"),
                302, 303), outside(others), 1).isRight()).isFalse();
    }

    @Test
    void columnsMayMoveWithTheToolsOwnShare() {
        ToolCase top = ToolCase.of("top -bn1");
        String busy = "%Cpu(s): 19.1 us, 53.2 id\n";
        assertThat(ToolFidelity.judge(top, inside(busy, 1, 2), inside(busy, 2, 3), outside("%Cpu(s):  0.0 us,100.0 id\n"), 1).isRight()).isTrue();
    }

    @Test
    void branchesAndWordsOfOwnProcessesGo() {
        assertThat(OwnTraces.BRANCHES.without("init(1)-+-agent(9)---sh(300)---pstree(301)\n", pid -> pid == 301, Set.of()))
                .isEqualTo("init(1)-+-agent(9)---sh(300)\n");
        assertThat(OwnTraces.WORDS.without("301 300 9\n", pid -> pid == 301, Set.of())).isEqualTo("300 9\n");
        assertThat(OwnTraces.LINES.without("memory 301\n", pid -> pid == 301, Set.of("memory 301"))).isEqualTo("memory 301\n");
    }
}
