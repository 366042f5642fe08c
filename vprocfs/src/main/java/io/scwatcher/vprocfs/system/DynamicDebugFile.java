package io.scwatcher.vprocfs.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.collection.Lists;
import io.scwatcher.vprocfs.ProcText;
import io.scwatcher.vprocfs.SystemFile;

/** /proc/dynamic_debug/control (lib/dynamic_debug.c, {@code ddebug_proc_show}); since 6.1 each module from its end. */
final class DynamicDebugFile implements SystemFile {
    private static final int NAME_LIMIT = 512;
    private static final int MOST = 1 << 17;
    /** {@code opt_array}: flags in the order in which they are printed. */
    private static final int[] FLAGS = {1, 1 << 1, 1 << 2, 1 << 5, 1 << 3, 1 << 4, 1 << 6};
    private static final String LETTERS = "pmfsltd";
    /** {@code _DPRINTK_CLASS_DFLT}: all bits of the field. */
    private static final int NO_CLASS = 63;

    @Override
    public void print(Kernel kernel, ProcText out) {
        out.put("# filename:lineno [module]function flags format\n");
        for (KObject table : Lists.list(kernel.object("ddebug_tables", "list_head"), "ddebug_table", "link")) {
            KObject entries = table.ptr("ddebugs");
            String module = table.string("mod_name", NAME_LIMIT);
            long count = Math.min(MOST, table.get("num_ddebugs"));
            boolean isReversed = entries.has("class_id");
            for (long i = 0; i < count; i++) {
                print(entries.index(isReversed ? count - 1 - i : i), table, module, out);
            }
        }
    }

    private static void print(KObject entry, KObject table, String module, ProcText out) {
        out.put(entry.string("filename", NAME_LIMIT)).put(':').unsigned(entry.get("lineno")).put(" [").put(module);
        out.put(']').put(entry.string("function", NAME_LIMIT)).put(" =").put(flags(entry.get("flags"))).put(" \"");
        String format = entry.string("format", 4 * NAME_LIMIT);
        if (entry.has("class_id")) {
            out.put(escapedSpace(format)).put('"');
            printClass(entry.get("class_id"), table, out);
        } else {
            out.put(escapedOctal(format)).put('"');
        }
        out.put('\n');
    }

    private static String flags(long flags) {
        StringBuilder letters = new StringBuilder();
        for (int i = 0; i < FLAGS.length; i++) {
            if ((flags & FLAGS[i]) != 0) {
                letters.append(LETTERS.charAt(i));
            }
        }
        return letters.isEmpty() ? "_" : letters.toString();
    }

    private static void printClass(long id, KObject table, ProcText out) {
        if (id == NO_CLASS) {
            return;
        }
        for (KObject map : Lists.list(table.at("maps"), "ddebug_class_map", "link")) {
            long base = map.get("base");
            if (id >= base && id < base + map.get("length")) {
                long name = map.memory().u64(map.get("class_names") + (id - base) * Long.BYTES);
                out.put(" class:").put(map.memory().string(name, NAME_LIMIT));
                return;
            }
        }
        out.put(" class unknown, _id:").dec(id);
    }

    /** {@code seq_escape_str} with {@code ESCAPE_SPACE}, since 5.15 or so: quotation marks stay as they are. */
    private static String escapedSpace(String text) {
        return text.replace("\t", "\\t").replace("\r", "\\r").replace("\n", "\\n");
    }

    /** {@code seq_escape}: octal. */
    private static String escapedOctal(String text) {
        return text.replace("\t", "\\011").replace("\r", "\\015").replace("\n", "\\012").replace("\"", "\\042");
    }
}
