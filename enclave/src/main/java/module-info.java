/** Puts the OS emulation layer and the VM's view together. */
module io.scwatcher.enclave {
    requires transitive io.scwatcher.channel;
    requires transitive io.scwatcher.os;
    requires transitive io.scwatcher.vprocfs;
    requires com.fasterxml.jackson.databind;

    exports io.scwatcher.enclave;
    exports io.scwatcher.enclave.json;
    exports io.scwatcher.enclave.main;
    exports io.scwatcher.enclave.run;
    exports io.scwatcher.enclave.session;
    exports io.scwatcher.enclave.statement;
    exports io.scwatcher.enclave.watch;
}
