/** Compares vProcFS with the guest's own /proc. */
module io.scwatcher.fidelity {
    requires transitive io.scwatcher.host;
    requires transitive io.scwatcher.testbed;
    requires io.scwatcher.bundle;
    requires com.fasterxml.jackson.databind;

    exports io.scwatcher.fidelity;
    exports io.scwatcher.fidelity.tools;
}
