package io.scwatcher.cpu;

/** Executes guest code. Interpreter and compiler stand behind it; one engine serves all processors of a JVM. */
public interface Engine {
    /** Runs from {@code cpu.rip} on, until one of the events. Never throws for anything that the guest does. */
    Event run(Cpu cpu);
}
