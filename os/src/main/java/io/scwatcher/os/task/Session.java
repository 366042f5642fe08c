package io.scwatcher.os.task;

/** A session: setsid(2). */
public final class Session {
    private final int id;
    private volatile ControllingTerminal terminal;

    Session(int id) {
        this.id = id;
    }

    /** The process ID of the leader. */
    public int id() {
        return id;
    }

    /** Null without one. */
    public ControllingTerminal terminal() {
        return terminal;
    }

    public void setTerminal(ControllingTerminal terminal) {
        this.terminal = terminal;
    }
}
