package io.scwatcher.channel.session;

import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.ratls.Claims;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** What a session or a key is for: evidence for one purpose is worth nothing for another. */
public enum Role {
    /** The enclave proves itself to the agent, in order to read a VM's memory. */
    READS_MEMORY,
    /** The enclave proves itself to a tenant, in order to run tools. */
    RUNS_TOOLS,
    /** No session: the enclave proves that a key of its own signs statements about what it ran. */
    SIGNS_STATEMENTS;

    Bytes encoded() {
        return Bytes.of(name().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII));
    }

    /** These claims and that of the role. */
    public Map<String, Bytes> with(Map<String, Bytes> claims) {
        Map<String, Bytes> values = new HashMap<>(claims);
        values.put(SessionClaims.ROLE, encoded());
        return values;
    }

    /** Whether that is what the claims' owner is there for. */
    public boolean isClaimed(Claims claims) {
        return encoded().equals(claims.value(SessionClaims.ROLE));
    }
}
