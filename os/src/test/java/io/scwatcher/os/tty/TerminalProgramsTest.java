package io.scwatcher.os.tty;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.os.NativeAndLayer;
import org.junit.jupiter.api.Test;

/** The C program about pseudo terminals: the same natively and in the layer. */
class TerminalProgramsTest {
    @Test
    void printsTheSame() {
        assertThat(NativeAndLayer.runInLayer("tty_pty")).isEqualTo(NativeAndLayer.runNatively("tty_pty"));
    }
}
