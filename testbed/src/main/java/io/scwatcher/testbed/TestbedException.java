package io.scwatcher.testbed;

/** Something about a test VM failed; the message is one line that says what, why and what to do. */
public final class TestbedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public TestbedException(String message) {
        super(message);
    }

    public TestbedException(String message, Throwable cause) {
        super(message, cause);
    }
}
