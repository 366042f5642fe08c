package io.scwatcher.os;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.cpu.Engines;
import io.scwatcher.os.fs.StandardTree;
import io.scwatcher.os.tty.HostTerminal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The machine's own shell and tools on a terminal in the layer, with somebody typing. */
@Tag("slow")
@Timeout(120)
class InteractiveTest {
    private static final List<String> ENVIRONMENT = List.of("PATH=/usr/bin:/bin", "HOME=/tmp", "LC_ALL=C", "TERM=xterm", "PS1=$ ", "INPUTRC=/dev/null");

    private final List<Throwable> failures = new ArrayList<>();
    private final Layer layer = new StandardTree(HostTree.directory(Path.of("/")), 64 << 20)
            .mount(Layer.builder().engine(Engines.mixed()).failures((_, failure) -> failures.add(failure))).build();
    private final HostTerminal terminal = layer.terminals().open(24, 80);
    private final StringBuilder screen = new StringBuilder();
    private Run run;

    @AfterEach
    void close() {
        terminal.close();
        layer.close();
    }

    private void start(String... command) {
        run = layer.start(List.of(command), ENVIRONMENT, "/tmp", terminal.streams());
    }

    private void type(String keys) throws InterruptedException {
        byte[] bytes = keys.getBytes(StandardCharsets.ISO_8859_1);
        terminal.write(bytes, 0, bytes.length);
    }

    /** Reads until the screen has it; what is up to there is forgotten. */
    private void expect(String expression) {
        Pattern pattern = Pattern.compile(expression, Pattern.DOTALL);
        byte[] buffer = new byte[4096];
        while (true) {
            var matcher = pattern.matcher(screen);
            if (matcher.find()) {
                screen.delete(0, matcher.end());
                return;
            }
            int count;
            try {
                count = terminal.read(buffer, 0, buffer.length);
            } catch (InterruptedException _) {
                count = -1;
            }
            if (count < 0) {
                throw new AssertionError("no \"" + expression + "\" came, but: " + screen);
            }
            screen.append(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
        }
    }

    @Test
    void shellHasJobControl() throws InterruptedException {
        start("/bin/bash", "--norc", "--noprofile", "-i");
        expect("\\$ ");
        type("tty; echo $((6*7))\n");
        expect("/dev/pts/0\r\n42\r\n.*\\$ ");
        type("sleep 1000\n");
        expect("sleep 1000\r\n");
        Thread.sleep(Duration.ofMillis(500));
        type("\032");
        expect("Stopped .*sleep 1000.*\\$ ");
        type("bg\n");
        expect("sleep 1000 &.*\\$ ");
        type("jobs\n");
        expect("Running .*sleep 1000 &.*\\$ ");
        type("kill %1; wait; echo kill$((1))\n");
        expect("kill1\r\n");
        type("cat\n");
        expect("cat\r\n");
        type("echoed\n");
        expect("echoed\r\n");
        type("\003");
        expect("\\^C.*\\$ ");
        type("echo status $?\n");
        expect("status 130\r\n");
        terminal.resize(50, 132);
        type("stty size\n");
        expect("50 132\r\n");
        type("cat & sleep 0.5\n\n");
        expect("Stopped .*cat");
        type("exit 0\nexit 0\n");
        assertThat(run.waitForExit()).isZero();
        assertThat(failures).isEmpty();
    }

    @Test
    void pagerPages() throws InterruptedException {
        start("/bin/sh", "-c", "seq 1 1000 | less");
        expect("23\r\n.*:");
        type(" ");
        expect("46\r\n.*:");
        type("G");
        expect("1000");
        type("/^77\r");
        type("g/^500\r");
        expect("500");
        type("q");
        assertThat(run.waitForExit()).isZero();
        assertThat(failures).isEmpty();
    }

    @Test
    void hangsUp() throws InterruptedException {
        start("/bin/bash", "--norc", "--noprofile", "-i");
        expect("\\$ ");
        terminal.close();
        assertThat(run.waitForExit()).isEqualTo(129);
        assertThat(failures).isEmpty();
    }
}
