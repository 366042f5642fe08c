package io.scwatcher.cpu.compile;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.interpret.Block;
import io.scwatcher.cpu.interpret.BlockCompiler;
import io.scwatcher.cpu.memory.Frame;
import java.util.concurrent.ArrayBlockingQueue;

/** Compiles regions in one thread of its own; what doesn't fit into its queue must get hot again. */
public final class BackgroundCompiler implements BlockCompiler {
    private static final int THRESHOLD = 1000;
    private static final int QUEUE = 256;
    /** Programs that end within this time in a fresh JVM gain nothing from compiled code, and loading the compiler costs them most of a second. */
    private static final long COLD_MILLIS = 700;

    private record Request(CodeImage image, Block block) {
    }

    /** Written by the one thread. */
    private static volatile long regions;
    private static volatile long nanos;

    private final ArrayBlockingQueue<Request> queue = new ArrayBlockingQueue<>(QUEUE);

    private static final class Shared {
        static final BackgroundCompiler INSTANCE = new BackgroundCompiler();
    }

    private BackgroundCompiler() {
        Thread.ofPlatform().daemon().name("region-compiler").start(this::work);
    }

    /** The JVM's one. */
    public static BackgroundCompiler shared() {
        return Shared.INSTANCE;
    }

    /** Regions that were compiled in this JVM. */
    public static long regions() {
        return regions;
    }

    /** How long that took, in nanoseconds. */
    public static long nanos() {
        return nanos;
    }

    @Override
    public int threshold() {
        return THRESHOLD;
    }

    @Override
    public void hot(Cpu cpu, Block block) {
        if (queue.remainingCapacity() == 0 || !queue.offer(new Request(CodeImage.around(cpu.memory(), cpu.rip & -Frame.SIZE), block))) {
            block.executions = 0;
        }
    }

    private void work() {
        try {
            Thread.sleep(COLD_MILLIS);
            while (true) {
                Request request = queue.take();
                long start = System.nanoTime();
                RegionCompiler.compile(request.image, request.block);
                nanos += System.nanoTime() - start;
                regions++;
            }
        } catch (InterruptedException e) {
            // Nobody interrupts it but a JVM that ends.
        }
    }
}
