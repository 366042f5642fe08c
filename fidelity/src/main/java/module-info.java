/** Compares vProcFS with the guest's own /proc. */
module io.scwatcher.fidelity {
    requires transitive io.scwatcher.host;
    requires transitive io.scwatcher.testbed;
    requires com.fasterxml.jackson.databind;

    exports io.scwatcher.fidelity;
}
