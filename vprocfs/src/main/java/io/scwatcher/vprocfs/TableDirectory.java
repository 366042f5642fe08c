package io.scwatcher.vprocfs;

import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.Directory;
import io.scwatcher.vfs.FileType;
import io.scwatcher.vfs.Node;
import io.scwatcher.vprocfs.system.SystemFiles;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A directory of the files that we can print, for guests whose symbol table has no data and so does not lead to their own
 * list of what is registered ({@link RegisteredDirectory}).
 *
 * @param path below /proc, ending in '/', or empty
 */
record TableDirectory(ProcView view, String path) implements Directory {
    @Override
    public Attributes attributes() {
        return view.attributes(FileType.DIRECTORY.modeBits() | 0555, inode(path), 2, 0, 0, 0);
    }

    @Override
    public Node lookup(String name) {
        String full = path + name;
        SystemFiles.Entry file = SystemFiles.table().get(full);
        if (file != null) {
            Attributes attributes = view.attributes(FileType.REGULAR.modeBits() | file.mode(), inode(full), 1, 0, 0, 0);
            return view.file(full, attributes, out -> file.file().print(view.kernel(), out));
        }
        if (path.isEmpty() && (name.equals("net") || name.equals("mounts"))) {
            return new Link(view.attributes(0120777, inode(full), 1, 0, 0, 0), () -> "self/" + name);
        }
        boolean exists = SystemFiles.table().keySet().stream().anyMatch(each -> each.startsWith(full + "/"));
        return exists ? new TableDirectory(view, full + "/") : null;
    }

    @Override
    public List<Entry> list() {
        Set<String> names = new LinkedHashSet<>();
        if (path.isEmpty()) {
            names.add("net");
            names.add("mounts");
        }
        for (String each : SystemFiles.table().keySet()) {
            if (each.startsWith(path)) {
                String rest = each.substring(path.length());
                int slash = rest.indexOf('/');
                names.add(slash < 0 ? rest : rest.substring(0, slash));
            }
        }
        List<Entry> entries = new ArrayList<>();
        for (String name : names) {
            Node node = lookup(name);
            if (node != null) {
                entries.add(new Entry(name, inode(path + name), node.attributes().type()));
            }
        }
        return entries;
    }

    private static long inode(String path) {
        return 0xf000_0000L | path.hashCode() & 0x0fff_ffff;
    }
}
