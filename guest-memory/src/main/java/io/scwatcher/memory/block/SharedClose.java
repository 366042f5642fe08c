package io.scwatcher.memory.block;

import java.util.concurrent.atomic.AtomicInteger;

/** Closes something that several memories share with the last of them. */
public final class SharedClose implements Runnable {
    private final AtomicInteger users;
    private final Runnable close;

    public SharedClose(int users, Runnable close) {
        this.users = new AtomicInteger(users);
        this.close = close;
    }

    /** One user has finished. */
    @Override
    public void run() {
        if (users.decrementAndGet() == 0) {
            close.run();
        }
    }
}
