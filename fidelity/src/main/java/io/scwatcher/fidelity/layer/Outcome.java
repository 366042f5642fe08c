package io.scwatcher.fidelity.layer;

import java.nio.charset.StandardCharsets;

/**
 * What a command did.
 *
 * @param status as a shell has it: 128 + N for signal N; {@link #TIMED_OUT} if it was killed because it took too long
 * @param output one {@code char} for each byte, as is {@code error}
 */
public record Outcome(int status, String output, String error) {
    public static final int TIMED_OUT = -1;

    public static Outcome of(int status, byte[] output, byte[] error) {
        return new Outcome(status, new String(output, StandardCharsets.ISO_8859_1), new String(error, StandardCharsets.ISO_8859_1));
    }
}
