package io.scwatcher.vprocfs.sysctl;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.net.NetNamespace;
import io.scwatcher.kernel.system.FunctionNames;
import io.scwatcher.kernel.system.SysctlTables;
import io.scwatcher.kernel.system.SysctlTables.TableEntry;
import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.Directory;
import io.scwatcher.vfs.FileType;
import io.scwatcher.vfs.Node;
import java.util.ArrayList;
import java.util.List;

/** /proc/sys and the directories below it, from the kernel's own tables (fs/proc/proc_sysctl.c). */
public final class SysctlDirectory implements Directory {
    private static final int PERMISSIONS = 0555;
    private static final int PERMISSION_BITS = 07777;

    private final View view;
    private final KObject directory;
    private final String path;

    private SysctlDirectory(View view, KObject directory, String path) {
        this.view = view;
        this.directory = directory;
        this.path = path;
    }

    /** What all nodes of one tree share. */
    record View(SysctlTables tables, FunctionNames functions, KObject network) {}

    /** @param network whose settings to show below net; at most one, none shows only what belongs to no namespace */
    public static Directory root(Kernel kernel, NetNamespace... network) {
        KObject net = network.length == 0 ? null : network[0].net();
        SysctlTables tables = new SysctlTables(kernel, net);
        return new SysctlDirectory(new View(tables, new FunctionNames(kernel), net), tables.root(), "sys");
    }

    @Override
    public Attributes attributes() {
        int links = view.tables.isMountPoint(directory) ? 2 : 1;
        return new Attributes(FileType.DIRECTORY, PERMISSIONS, inode(directory), links, 0, 0, 0, 0, 0);
    }

    @Override
    public Node lookup(String name) {
        TableEntry entry = view.tables.find(directory, name);
        if (entry == null) {
            return null;
        }
        String place = path + '/' + name;
        return entry.isDirectory() ? new SysctlDirectory(view, view.tables.directory(entry), place)
                : new SysctlFile(view, entry, place);
    }

    @Override
    public List<Entry> list() {
        List<Entry> entries = new ArrayList<>();
        for (TableEntry entry : view.tables.entries(directory)) {
            entries.add(new Entry(entry.name(), inode(entry.table()),
                    entry.isDirectory() ? FileType.DIRECTORY : FileType.REGULAR));
        }
        return entries;
    }

    /** The kernel numbers these inodes as they are first looked up; the place of the entry serves as well. */
    static long inode(KObject entry) {
        return entry.address() >>> 3 & 0x7fff_ffffL | 1;
    }

    static int permissions(TableEntry entry) {
        return entry.mode() & PERMISSION_BITS;
    }
}
