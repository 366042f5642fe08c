package io.scwatcher.vprocfs.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.system.Variables;
import io.scwatcher.vprocfs.ProcText;
import io.scwatcher.vprocfs.SystemFile;

/** /proc/version: {@code linux_proc_banner} with the names of the initial UTS namespace (fs/proc/version.c). */
final class VersionFile implements SystemFile {
    private static final int BANNER_LIMIT = 1024;
    private static final int NAME_LIMIT = 65;

    @Override
    public void print(Kernel kernel, ProcText out) {
        KObject names = kernel.object("init_uts_ns", "uts_namespace").at("name");
        String[] arguments = {names.string("sysname", NAME_LIMIT), names.string("release", NAME_LIMIT),
            names.string("version", NAME_LIMIT)};
        String[] pieces = new Variables(kernel).text("linux_proc_banner", BANNER_LIMIT).split("%s", -1);
        for (int i = 0; i < pieces.length; i++) {
            out.put(pieces[i]);
            if (i < arguments.length && i < pieces.length - 1) {
                out.put(arguments[i]);
            }
        }
    }
}
