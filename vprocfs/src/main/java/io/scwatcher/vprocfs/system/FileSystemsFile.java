package io.scwatcher.vprocfs.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.collection.Lists;
import io.scwatcher.kernel.system.Variables;
import io.scwatcher.vprocfs.ProcText;
import io.scwatcher.vprocfs.SystemFile;

/**
 * /proc/filesystems: the registered file systems (fs/filesystems.c), linked by {@code next} from {@code file_systems};
 * since 7.1 an hlist.
 */
final class FileSystemsFile implements SystemFile {
    private static final int FS_REQUIRES_DEV = 1;
    private static final int NAME_LIMIT = 256;
    private static final int MOST = 4096;

    @Override
    public void print(Kernel kernel, ProcText out) {
        if (kernel.types().struct("file_system_type").has("list")) {
            for (KObject type : Lists.hlist(kernel.object("file_systems", "hlist_head"), "file_system_type", "list")) {
                print(type, out);
            }
            return;
        }
        KObject type = new Variables(kernel).pointee("file_systems", "file_system_type");
        for (int i = 0; !type.isNull() && i < MOST; i++) {
            print(type, out);
            type = type.ptr("next");
        }
    }

    private static void print(KObject type, ProcText out) {
        out.put((type.get("fs_flags") & FS_REQUIRES_DEV) != 0 ? "" : "nodev").put('\t');
        out.put(type.string("name", NAME_LIMIT)).put('\n');
    }
}
