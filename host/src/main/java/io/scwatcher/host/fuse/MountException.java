package io.scwatcher.host.fuse;

import java.io.IOException;

/** A mount failed: the message is one line for people, what, why and what to do. */
public final class MountException extends IOException {
    public MountException(String message) {
        super(message);
    }

    public MountException(String message, Throwable cause) {
        super(message, cause);
    }
}
