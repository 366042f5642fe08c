package io.scwatcher.os.syscall;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.os.abi.SystemCallNames;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CompatibilityPageTest {
    private static final Path PAGE = Path.of("../docs/system-calls.md");

    @Test
    void pageIsCurrent() throws Exception {
        String current = CompatibilityPage.of(SystemCalls.TABLE);
        if (Boolean.getBoolean("update")) {
            Files.writeString(PAGE, current);
        }
        assertThat(Files.readString(PAGE)).as("run this test with -Dsurefire.argLine=-Dupdate=true to write the page anew").isEqualTo(current);
    }

    @Test
    void namesAndNumbersAreLinuxs() {
        assertThat(SystemCalls.TABLE.entries()).allSatisfy(entry -> assertThat(SystemCallNames.of(entry.number())).isEqualTo(entry.name()));
    }
}
