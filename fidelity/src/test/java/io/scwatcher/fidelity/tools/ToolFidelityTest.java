package io.scwatcher.fidelity.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.testbed.Guest;
import io.scwatcher.testbed.GuestOptions;
import io.scwatcher.testbed.Testbed;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tools that must print outside what they print inside, line by line. */
@Tag("suite")
class ToolFidelityTest {
    private static final List<String> EXACT = List.of("uname -a", "nproc", "uptime", "w", "free", "vmstat*", "lsmod", "pgrep -a .", "pmap*", "ps auxww", "ps -ef",
            "ps -eLf", "ps axjf", "pstree -p", "netstat*", "ifconfig -a", "arp -an", "route -n", "ip a", "ip -s link", "ip r*", "ip -6 r", "ip -6 a", "ip neigh",
            "ip rule", "lsof -nP -i", "busybox ps");

    @ParameterizedTest
    @ValueSource(strings = {"5.10", "6.1", "6.12", "7.x"})
    void toolsPrintWhatTheyPrintInside(String kernel) throws IOException {
        GuestOptions options = GuestOptions.defaults("tools-test-" + ProcessHandle.current().pid()).withKernel(kernel);
        try (Guest guest = new Testbed(System.out::println).up(options)) {
            ToolScoreboard scoreboard = ToolFidelity.run(guest, EXACT, System.out::println);
            assertThat(scoreboard.isRight()).as(scoreboard.text()).isTrue();
        }
    }
}
