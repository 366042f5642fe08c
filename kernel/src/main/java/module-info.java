/** A Linux kernel read from memory alone: self-profiling, typed objects, the object model. */
module io.scwatcher.kernel {
    requires transitive io.scwatcher.memory;

    exports io.scwatcher.kernel;
    exports io.scwatcher.kernel.collection;
    exports io.scwatcher.kernel.fs;
    exports io.scwatcher.kernel.arch;
    exports io.scwatcher.kernel.discovery;
    exports io.scwatcher.kernel.memory;
    exports io.scwatcher.kernel.mm;
    exports io.scwatcher.kernel.symbol;
    exports io.scwatcher.kernel.task;
    exports io.scwatcher.kernel.system;
    exports io.scwatcher.kernel.type;
    exports io.scwatcher.kernel.unwind;
    exports io.scwatcher.kernel.net;
}
