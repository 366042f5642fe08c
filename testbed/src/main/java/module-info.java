/** Real VMs for tests, demos and benchmarks. */
module io.scwatcher.testbed {
    requires transitive io.scwatcher.memory;
    requires com.fasterxml.jackson.databind;

    exports io.scwatcher.testbed;
    exports io.scwatcher.testbed.local to io.scwatcher.fidelity, io.scwatcher.benchmarks;
}
