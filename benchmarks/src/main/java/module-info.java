/** Measurements whose figures the documentation quotes. */
module io.scwatcher.benchmarks {
    requires transitive io.scwatcher.fidelity;

    exports io.scwatcher.benchmarks;
}
