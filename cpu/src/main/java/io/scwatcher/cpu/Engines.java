package io.scwatcher.cpu;

import io.scwatcher.cpu.interpret.Interpreter;

/** The ways to execute guest code. Each engine serves any number of processors at the same time. */
public final class Engines {
    private Engines() {
    }

    /** Interprets only. */
    public static Engine interpreter() {
        return new Interpreter(null);
    }
}
