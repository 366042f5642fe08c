package io.scwatcher.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.scwatcher.attestation.dcap.DcapVerifier;
import io.scwatcher.attestation.simulation.SimulatedEnclave;
import io.scwatcher.attestation.simulation.SimulatedPlatform;
import io.scwatcher.attestation.simulation.SimulationStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** One simulated platform for all tests, on a day of its own. */
public final class Fixtures {
    public static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");
    public static final SimulatedPlatform PLATFORM = platform(NOW);
    public static final SimulatedEnclave ENCLAVE =
            new SimulatedEnclave(Bytes.sha256(new byte[] {1}), Bytes.sha256(new byte[] {2}), 7, 3);
    public static final Bytes REPORT_DATA = Bytes.sha256(new byte[] {3}).concat(Bytes.sha256(new byte[] {4}));

    private Fixtures() {}

    public static SimulatedPlatform platform(Instant made) {
        try {
            return SimulatedPlatform.open(SimulationStore.inMemory(), clock(made));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (AttestationException e) {
            throw new AssertionError(e);
        }
    }

    public static Clock clock(Instant instant) {
        return Clock.fixed(instant, ZoneOffset.UTC);
    }

    /** Trusts {@link #PLATFORM}. */
    public static DcapVerifier verifier(Instant at) {
        return new DcapVerifier(List.of(PLATFORM.anchor()), true, clock(at));
    }

    public static DcapVerifier verifier() {
        return verifier(NOW);
    }

    /** Why something is refused; null if it is accepted. Any other exception fails the test. */
    public static Reason refusal(ThrowingCallable attempt) {
        Throwable thrown = catchThrowable(attempt);
        if (thrown == null) {
            return null;
        }
        assertThat(thrown).isInstanceOf(AttestationException.class);
        assertThat(thrown.getMessage()).isNotBlank().doesNotContain("\n");
        return ((AttestationException) thrown).reason();
    }
}
