package io.scwatcher.os.bundle;

import java.io.IOException;

/** A bundle that cannot be read, or is not what it should be. The message is one line for the user. */
public final class BundleException extends IOException {
    public BundleException(String message) {
        super(message);
    }
}
