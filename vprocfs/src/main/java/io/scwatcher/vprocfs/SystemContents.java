package io.scwatcher.vprocfs;

import io.scwatcher.kernel.fs.ProcDirEntry;
import io.scwatcher.kernel.net.NetNamespace;
import io.scwatcher.vfs.Directory;
import io.scwatcher.vprocfs.sysctl.SysctlDirectory;
import io.scwatcher.vprocfs.system.SystemFiles;

/** The files that are not about a process: /proc/meminfo and its neighbours. */
record SystemContents(ProcView view) implements Contents {
    @Override
    public String name() {
        return "";
    }

    @Override
    public Printer file(String path, ProcDirEntry entry) {
        SystemFile known = SystemFiles.find(path);
        return known == null ? null : out -> known.print(view.kernel(), out);
    }

    @Override
    public Directory directory(String path) {
        return path.equals("sys") ? SysctlDirectory.root(view.kernel(), NetNamespace.initial(view.kernel())) : null;
    }
}
