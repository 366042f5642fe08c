package io.scwatcher.host.agent;

/** An agent that cannot be started, found or trusted. The message is one line that says what to do. */
public final class AgentException extends RuntimeException {
    public AgentException(String message) {
        super(message);
    }

    public AgentException(String message, Throwable cause) {
        super(message, cause);
    }
}
