package io.scwatcher.vprocfs.sysctl;

import io.scwatcher.vprocfs.ProcText;

/** What a {@code proc_handler} prints when it is read. Failures of the kernel's own are {@code VfsException}s. */
@FunctionalInterface
interface Handler {
    void print(Setting setting, ProcText out);
}
