package io.scwatcher.fidelity.layer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Tests of a suite that are known to fail in the layer alone, each with the reason: lines {@code NAME = REASON}. */
public final class KnownFailures {
    private KnownFailures() {}

    /** @return the reasons by name */
    public static Map<String, String> read(InputStream in, String suite) throws IOException {
        Map<String, String> reasons = new LinkedHashMap<>();
        new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().filter(line -> !line.isBlank() && !line.startsWith("#")).forEach(line -> {
            int equals = line.lastIndexOf(" = ");
            if (equals < 0) {
                throw new IllegalArgumentException(suite + ": no reason given: " + line);
            }
            reasons.put(line.substring(0, equals), line.substring(equals + 3));
        });
        return reasons;
    }
}
