/** The proc tree, synthesized from kernel objects. */
module io.scwatcher.vprocfs {
    requires transitive io.scwatcher.kernel;
    requires transitive io.scwatcher.vfs;

    exports io.scwatcher.vprocfs;
    exports io.scwatcher.vprocfs.sysctl;
    exports io.scwatcher.vprocfs.sysfs;
    exports io.scwatcher.vprocfs.system;
    exports io.scwatcher.vprocfs.net;
}
