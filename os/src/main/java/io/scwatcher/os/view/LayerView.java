package io.scwatcher.os.view;

/** A layer without VM: a small Linux machine of its own that has just booted and has no processes but the layer's. */
public final class LayerView implements SystemView {
    private final NetworkView network = new LayerNetwork();
    private final long start = System.nanoTime();

    @Override
    public Names names() {
        return new Names("Linux", "scwatcher", "6.12.0", "#1 SMP", "x86_64", "(none)");
    }

    @Override
    public Information information() {
        Runtime runtime = Runtime.getRuntime();
        long free = runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory();
        return new Information((System.nanoTime() - start) / 1_000_000_000, new long[3], new long[] {runtime.maxMemory(), free, 0, 0, 0, 0}, 1);
    }

    @Override
    public ProcessView process(int pid) {
        return null;
    }

    @Override
    public long[] processors() {
        return new long[] {-1L >>> 64 - Math.min(64, Runtime.getRuntime().availableProcessors())};
    }

    @Override
    public int firstFreePid() {
        return 2;
    }

    @Override
    public NetworkView network() {
        return network;
    }
}
