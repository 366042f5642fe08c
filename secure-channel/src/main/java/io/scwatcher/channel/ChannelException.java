package io.scwatcher.channel;

import java.io.IOException;

/** The other side broke the protocol, refused a request, or went away: the message is one line for people. */
public final class ChannelException extends IOException {
    private static final long serialVersionUID = 1;

    public ChannelException(String message) {
        super(message);
    }

    public ChannelException(String message, Throwable cause) {
        super(message, cause);
    }
}
