package io.scwatcher.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class TraceTest {
    @Test
    void linesLookLikeThoseOfStrace() throws Exception {
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        try (Layer layer = TestPrograms.layer(new ArrayList<>()).trace(lines::add).build()) {
            TestPrograms.inLayer(layer, List.of("/bin/sh", "-c", "echo hi; cat /nonexistent; kill -USR1 $$"), "");
        }
        assertThat(lines).anyMatch(line -> line.endsWith("] write(1, \"hi\\n\", 3) = 3"))
                .anyMatch(line -> line.matches(".*\\] openat\\(AT_FDCWD, \"/nonexistent\", O_RDONLY.*\\) = -1 ENOENT"))
                .anyMatch(line -> line.matches(".*\\] mmap\\(NULL, 8192, PROT_READ\\|PROT_WRITE, MAP_PRIVATE\\|MAP_ANONYMOUS, -1, 0x0\\) = 0x7f.*"))
                .anyMatch(line -> line.matches(".*\\] execve\\(\"/.*cat\", \\[\"cat\", \"/nonexistent\"\\], .*\\) = 0"))
                .anyMatch(line -> line.matches(".*\\] --- SIGUSR1 \\{si_code=0, si_pid=\\d+, si_uid=0\\} ---"))
                .anyMatch(line -> line.endsWith("] +++ exited with 1 +++")).anyMatch(line -> line.endsWith("] +++ killed by SIGUSR1 +++"));
    }
}
