package io.scwatcher.vprocfs;

import io.scwatcher.kernel.fs.ProcDirEntry;
import io.scwatcher.vfs.Directory;

/** What the registered files of a part of /proc say. */
interface Contents {
    /** The part's place below /proc, ending in '/', or empty: for anomalies. */
    String name();

    /** How to print a file, or null if nobody knows. @param path below the part */
    Printer file(String path, ProcDirEntry entry);

    /** A directory that is not made of registered entries, or null. */
    Directory directory(String path);

    /** Prints one file. */
    @FunctionalInterface
    interface Printer {
        void print(ProcText out);
    }
}
