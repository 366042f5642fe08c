package io.scwatcher.channel.session;

import io.scwatcher.attestation.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** What a session is for: evidence for one kind of session is worth nothing in another. */
public enum Role {
    /** The enclave proves itself to the agent, in order to read a VM's memory. */
    READS_MEMORY,
    /** The enclave proves itself to a tenant, in order to run tools. */
    RUNS_TOOLS;

    Bytes encoded() {
        return Bytes.of(name().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII));
    }
}
