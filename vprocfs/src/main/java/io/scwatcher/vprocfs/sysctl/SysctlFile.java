package io.scwatcher.vprocfs.sysctl;

import io.scwatcher.kernel.Anomalies;
import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.memory.MemoryFault;
import io.scwatcher.kernel.system.SysctlTables.TableEntry;
import io.scwatcher.kernel.type.NoSuchFieldInKernel;
import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.FileType;
import io.scwatcher.vfs.RegularFile;
import io.scwatcher.vfs.VfsException;
import io.scwatcher.vprocfs.ProcText;

/** A file below /proc/sys. One whose handler nobody taught us is listed, fails with EIO and is recorded. */
final class SysctlFile implements RegularFile {
    private static final int OWNER_READS = 0400;

    private final SysctlDirectory.View view;
    private final TableEntry entry;
    private final String path;

    SysctlFile(SysctlDirectory.View view, TableEntry entry, String path) {
        this.view = view;
        this.entry = entry;
        this.path = path;
    }

    @Override
    public Attributes attributes() {
        return new Attributes(FileType.REGULAR, SysctlDirectory.permissions(entry),
                SysctlDirectory.inode(entry.table()), 1, 0, 0, 0, 0, 0);
    }

    /** {@code proc_sys_permission}: not even root reads what is only to be written. */
    @Override
    public OpenFile open() {
        if ((entry.mode() & OWNER_READS) == 0) {
            throw new VfsException(Errno.EACCES);
        }
        ProcText text = new ProcText();
        print(text);
        byte[] bytes = text.toByteArray();
        return (position, destination, offset, length) -> {
            if (position < 0 || position >= bytes.length) {
                return 0;
            }
            int count = (int) Math.min(length, bytes.length - position);
            System.arraycopy(bytes, (int) position, destination, offset, count);
            return count;
        };
    }

    private void print(ProcText text) {
        KObject table = entry.table();
        Anomalies anomalies = table.kernel().anomalies();
        long function = table.get("proc_handler");
        if (function == 0) {
            throw new VfsException(Errno.EINVAL);
        }
        Handler handler = Handlers.find(view.functions().name(function));
        if (handler == null) {
            anomalies.record("%s: no printer for the handler %s".formatted(path, view.functions().name(function)));
            throw new VfsException(Errno.EIO);
        }
        try {
            handler.print(new Setting(table, view.network()), text);
        } catch (MemoryFault | NoSuchFieldInKernel broken) {
            anomalies.record(path + ": " + broken.getMessage());
            throw new VfsException(Errno.EIO);
        }
    }
}
