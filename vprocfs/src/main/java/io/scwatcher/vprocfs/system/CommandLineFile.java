package io.scwatcher.vprocfs.system;

import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.system.Variables;
import io.scwatcher.vprocfs.ProcText;
import io.scwatcher.vprocfs.SystemFile;

/** /proc/cmdline: what the boot loader passed, {@code saved_command_line} (fs/proc/cmdline.c). */
final class CommandLineFile implements SystemFile {
    private static final int LIMIT = 64 << 10;

    @Override
    public void print(Kernel kernel, ProcText out) {
        out.put(new Variables(kernel).textBehind("saved_command_line", LIMIT)).put('\n');
    }
}
