package io.scwatcher.host.enclave;

/** An enclave that cannot be started, found or used. The message is one line that says what to do. */
public final class EnclaveException extends RuntimeException {
    public EnclaveException(String message) {
        super(message);
    }
}
