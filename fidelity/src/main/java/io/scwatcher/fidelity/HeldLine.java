package io.scwatcher.fidelity;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CountDownLatch;

/** Standard input for a program in a guest that waits for a line: an empty one as soon as it may go on, and then the end. */
public final class HeldLine extends InputStream {
    private final CountDownLatch go = new CountDownLatch(1);
    private boolean sent;

    /** Lets the program go on. */
    public void release() {
        go.countDown();
    }

    @Override
    public int read() throws IOException {
        try {
            go.await();
        } catch (InterruptedException interrupted) {
            return -1;
        }
        if (sent) {
            return -1;
        }
        sent = true;
        return '\n';
    }

    @Override
    public int read(byte[] destination, int offset, int length) throws IOException {
        int c = length == 0 ? 0 : read();
        if (c < 0 || length == 0) {
            return c;
        }
        destination[offset] = (byte) c;
        return 1;
    }
}
