/** The OS emulation layer: runs unmodified Linux programs on the engine. */
module io.scwatcher.os {
    requires transitive io.scwatcher.cpu;
    requires transitive io.scwatcher.vfs;

    exports io.scwatcher.os;
    exports io.scwatcher.os.abi;
    exports io.scwatcher.os.bundle;
    exports io.scwatcher.os.fs;
    exports io.scwatcher.os.net.netlink;
    exports io.scwatcher.os.syscall;
    exports io.scwatcher.os.task;
    exports io.scwatcher.os.tty;
    exports io.scwatcher.os.view;
    exports io.scwatcher.os.wait;
}
