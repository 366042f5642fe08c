package io.scwatcher.vprocfs;

import io.scwatcher.kernel.Kernel;

/** A proc file about the system as a whole, such as /proc/meminfo. */
@FunctionalInterface
public interface SystemFile {
    void print(Kernel kernel, ProcText out);
}
