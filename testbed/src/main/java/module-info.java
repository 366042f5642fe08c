/** Real VMs for tests, demos and benchmarks. */
module io.scwatcher.testbed {
    requires transitive io.scwatcher.memory;

}
