/** What runs outside: finding VMs, opening them, the FUSE mount, the native runtime, warm enclaves. */
module io.scwatcher.host {
    requires transitive io.scwatcher.enclave;
    requires com.fasterxml.jackson.databind;
    requires jdk.net;

    exports io.scwatcher.host;
    exports io.scwatcher.host.agent;
    exports io.scwatcher.host.enclave;
    exports io.scwatcher.host.fuse;
    exports io.scwatcher.host.posix to io.scwatcher.cli;
    exports io.scwatcher.host.proc;
    exports io.scwatcher.host.runtime;
}
