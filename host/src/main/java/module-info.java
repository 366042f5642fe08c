/** What runs outside: finding VMs, opening them, the FUSE mount, the native runtime. */
module io.scwatcher.host {
    requires transitive io.scwatcher.vprocfs;

    exports io.scwatcher.host;
    exports io.scwatcher.host.fuse;
    exports io.scwatcher.host.proc;
}
