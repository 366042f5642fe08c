package io.scwatcher.vprocfs;

import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.Directory;
import io.scwatcher.vfs.Node;
import io.scwatcher.vfs.tree.MemoryDirectory;
import io.scwatcher.vfs.tree.MemoryFile;
import io.scwatcher.vfs.tree.MemoryLink;
import io.scwatcher.vfs.tree.Walk;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * /sys/module of a VM as far as its /proc/modules tells: lsmod takes the names from there, and use counts and holders
 * from here. Modules that are built in have no entry.
 */
public record SysModule(Directory proc) implements Directory {
    private static final int LARGEST_TABLE = 16 << 20;
    private static final long GOLDEN_RATIO_64 = 0x61C8864680B583EBL;
    private static final long FIRST_INODE = 0x1000;

    @Override
    public Attributes attributes() {
        return new MemoryDirectory(FIRST_INODE).attributes();
    }

    @Override
    public Node lookup(String name) {
        String[] row = rows().get(name);
        return row == null ? null : module(row);
    }

    @Override
    public List<Entry> list() {
        List<Entry> entries = new ArrayList<>();
        rows().forEach((name, row) -> {
            Node module = module(row);
            entries.add(new Entry(name, module.attributes().inode(), module.attributes().type()));
        });
        return entries;
    }

    /** The lines of /proc/modules: name, size, use count, "holder,holder," or "-", state, address. */
    private Map<String, String[]> rows() {
        String table = new String(Walk.read(proc, "modules", LARGEST_TABLE), StandardCharsets.ISO_8859_1);
        Map<String, String[]> rows = new LinkedHashMap<>();
        for (String line : table.split("\n")) {
            String[] row = line.split(" ");
            if (row.length >= 5) {
                rows.put(row[0], row);
            }
        }
        return rows;
    }

    private static Node module(String[] row) {
        long inode = FIRST_INODE + ((row[0].hashCode() & 0xffff_ffffL) + 1) * 8;
        MemoryDirectory holders = new MemoryDirectory(inode + 1);
        List<String> names = new ArrayList<>(List.of(row[3].split(",")));
        names.sort(Comparator.comparingLong(SysModule::hash).thenComparing(Comparator.naturalOrder()));
        for (String holder : names) {
            if (!holder.isEmpty() && !holder.equals("-") && !holder.equals("[permanent]")) {
                holders.put(holder, new MemoryLink(inode + 2, "../../" + holder));
            }
        }
        return new MemoryDirectory(inode).put("coresize", new MemoryFile(inode + 3, row[1] + "\n"))
                .put("refcnt", new MemoryFile(inode + 4, row[2] + "\n"))
                .put("initstate", new MemoryFile(inode + 5, state(row[4]) + "\n"))
                .put("holders", holders);
    }

    /** {@code kernfs_name_hash} (fs/kernfs/dir.c), by which sysfs orders its names; include/linux/stringhash.h. */
    private static long hash(String name) {
        long hash = 0;
        for (int i = 0; i < name.length(); i++) {
            hash = (hash + ((long) name.charAt(i) << 4) + (name.charAt(i) >> 4)) * 11;
        }
        long folded = hash * GOLDEN_RATIO_64 >>> 32 & Integer.MAX_VALUE;
        return Math.clamp(folded < 2 ? folded + 2 : folded, 2, Integer.MAX_VALUE - 1);
    }

    /** kernel/module/sysfs.c {@code show_initstate} against kernel/module/procfs.c {@code m_show}. */
    private static String state(String inTable) {
        return switch (inTable) {
            case "Unloading" -> "going";
            case "Loading" -> "coming";
            default -> "live";
        };
    }
}
