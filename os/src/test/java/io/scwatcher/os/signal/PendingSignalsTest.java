package io.scwatcher.os.signal;

import static io.scwatcher.os.abi.Signal.SIGRTMIN;
import static io.scwatcher.os.abi.Signal.SIGSEGV;
import static io.scwatcher.os.abi.Signal.SIGTERM;
import static io.scwatcher.os.abi.Signal.SIGUSR1;
import static io.scwatcher.os.abi.Signal.bit;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PendingSignalsTest {
    private final PendingSignals pending = new PendingSignals();

    private void add(int signal, long value) {
        pending.add(SignalInfo.queued(signal, SignalInfo.SI_QUEUE, 1, 0, value));
    }

    @Test
    void realTimeSignalsQueueAndOthersDoNot() {
        add(SIGUSR1, 1);
        add(SIGUSR1, 2);
        add(SIGRTMIN, 3);
        add(SIGRTMIN, 4);
        assertThat(pending.remove(-1).address()).isEqualTo(1);
        assertThat(pending.remove(-1).address()).isEqualTo(3);
        assertThat(pending.set()).isEqualTo(bit(SIGRTMIN));
        assertThat(pending.remove(-1).address()).isEqualTo(4);
        assertThat(pending.remove(-1)).isNull();
    }

    @Test
    void faultsComeFirst() {
        add(SIGUSR1, 0);
        add(SIGSEGV, 0);
        assertThat(pending.remove(-1).signal()).isEqualTo(SIGSEGV);
        assertThat(pending.remove(-1).signal()).isEqualTo(SIGUSR1);
    }

    @Test
    void blockedOnesStay() {
        add(SIGTERM, 0);
        assertThat(pending.remove(~bit(SIGTERM))).isNull();
        assertThat(pending.set()).isEqualTo(bit(SIGTERM));
        pending.flush(bit(SIGTERM));
        assertThat(pending.remove(-1)).isNull();
    }
}
