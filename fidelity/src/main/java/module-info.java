/** Compares vProcFS with the guest's own /proc, and programs in the OS emulation layer with native runs. */
module io.scwatcher.fidelity {
    requires transitive io.scwatcher.host;
    requires transitive io.scwatcher.testbed;
    requires transitive io.scwatcher.bundle;
    requires com.fasterxml.jackson.databind;

    exports io.scwatcher.fidelity;
    exports io.scwatcher.fidelity.layer;
    exports io.scwatcher.fidelity.tools;
}
