package io.scwatcher.memory;

/** The source of guest memory failed: the message is one line for people, what, why and what to do. */
public final class GuestMemoryException extends RuntimeException {
    public GuestMemoryException(String message) {
        super(message);
    }

    public GuestMemoryException(String message, Throwable cause) {
        super(message, cause);
    }
}
