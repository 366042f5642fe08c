package io.scwatcher.host;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.simulation.SimulatedPlatform;
import io.scwatcher.attestation.simulation.SimulationStore;
import io.scwatcher.channel.session.KeyFile;
import io.scwatcher.channel.session.TlsIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;

/** What this user keeps from one command to the next: keys, the simulated platform, agents' keys that were confirmed. */
public final class StateDirectory {
    private StateDirectory() {}

    /** A file in {@code SCWATCHER_STATE}, else {@code XDG_STATE_HOME/scwatcher}, else {@code ~/.local/state/scwatcher}. It need not exist. */
    public static Path file(String name) {
        String own = System.getenv("SCWATCHER_STATE");
        String xdg = System.getenv("XDG_STATE_HOME");
        Path directory = own != null && !own.isBlank() ? Path.of(own)
                : (xdg != null && !xdg.isBlank() ? Path.of(xdg) : Path.of(System.getProperty("user.home"), ".local", "state")).resolve("scwatcher");
        return directory.toAbsolutePath().resolve(name);
    }

    /** The file with the simulated platform's keys, made when {@link #simulatedPlatform} is first asked for. */
    public static Path simulatedPlatformFile() {
        return file("simulated-platform");
    }

    /** The platform of this user's simulated enclaves. */
    public static SimulatedPlatform simulatedPlatform() throws IOException, AttestationException {
        RunDirectory.make(simulatedPlatformFile().getParent());
        return SimulatedPlatform.open(SimulationStore.file(simulatedPlatformFile()), Clock.systemUTC());
    }

    /** The key of all agents that this user's commands start for themselves; also the default of {@code scwatcher agent}. */
    public static TlsIdentity agentKey() throws IOException {
        return key("agent.key");
    }

    /** The key by which enclaves know this user. */
    public static TlsIdentity tenantKey() throws IOException {
        return key("tenant.key");
    }

    private static TlsIdentity key(String name) throws IOException {
        RunDirectory.make(file(name).getParent());
        return TlsIdentity.of(KeyFile.open(file(name)), Clock.systemUTC());
    }
}
