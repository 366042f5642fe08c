package io.scwatcher.attestation;

import java.security.GeneralSecurityException;

/** Evidence that is refused, or cannot be had. The message is one line. */
public final class AttestationException extends GeneralSecurityException {
    private final Reason reason;

    public AttestationException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public AttestationException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
