package io.scwatcher.testbed;

import java.nio.charset.StandardCharsets;

/**
 * How a command in the guest ended.
 *
 * @param status its exit status; 128 + the signal that killed it; 127 when it could not be executed
 * @param stdout what it wrote to standard output
 * @param stderr what it wrote to standard error
 */
public record ExecResult(int status, byte[] stdout, byte[] stderr) {
    /** Standard output, one char per byte. */
    public String output() {
        return new String(stdout, StandardCharsets.ISO_8859_1);
    }

    /** Standard error, one char per byte. */
    public String error() {
        return new String(stderr, StandardCharsets.ISO_8859_1);
    }

    /** Returns this if the exit status is 0, else fails. */
    public ExecResult orFail() {
        if (status != 0) {
            throw new TestbedException("the command in the guest ended with status " + status + ": " + error().strip());
        }
        return this;
    }
}
