/** What runs outside: finding VMs, the FUSE mount, the native runtime. */
module io.scwatcher.host {
    requires transitive io.scwatcher.vprocfs;

}
