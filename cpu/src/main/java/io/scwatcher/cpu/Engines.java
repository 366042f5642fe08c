package io.scwatcher.cpu;

import io.scwatcher.cpu.compile.BackgroundCompiler;
import io.scwatcher.cpu.compile.RegionCompiler;
import io.scwatcher.cpu.interpret.Interpreter;

/** The ways to execute guest code. Each engine serves any number of processors at the same time. */
public final class Engines {
    private Engines() {
    }

    /** Interprets only. */
    public static Engine interpreter() {
        return new Interpreter(null);
    }

    /** Interprets at first, and compiles what turns out hot in the background. */
    public static Engine mixed() {
        return new Interpreter(BackgroundCompiler.shared());
    }

    /** How many regions of guest code were compiled in the background in this JVM. */
    public static long compiledRegions() {
        return BackgroundCompiler.regions();
    }

    /** How long that took, in nanoseconds. */
    public static long compilationNanos() {
        return BackgroundCompiler.nanos();
    }

    /** Compiles everything before it runs a second time; for tests. */
    public static Engine compiler() {
        return new Interpreter(new RegionCompiler(2));
    }
}
