package io.scwatcher.channel.page;

/** A request that the server refuses, while the connection goes on. */
final class RefusedException extends Exception {
    private static final long serialVersionUID = 1;
    final transient Frame.Refusal why;

    RefusedException(Frame.Refusal why, String message) {
        super(message);
        this.why = why;
    }
}
