package io.scwatcher.vprocfs.net;

import io.scwatcher.kernel.net.Mib;
import io.scwatcher.kernel.net.MibList;
import io.scwatcher.vprocfs.ProcText;
import java.util.List;

/** The two layouts in which counters are printed: names and values in two lines, or a line for each. */
final class MibText {
    private static final String SIGNED = "MaxConn";

    private MibText() {}

    /** {@code "Tcp: RtoAlgorithm ..."} above {@code "Tcp: 1 ..."}, without a newline at the end. */
    static void pairOfLines(ProcText out, String prefix, List<MibList.Entry> list, Mib mib, String member) {
        names(out.put(prefix), list);
        out.put('\n').put(prefix);
        values(out, list, mib, member);
    }

    static void names(ProcText out, List<MibList.Entry> list) {
        for (MibList.Entry entry : list) {
            out.put(' ').put(entry.name());
        }
    }

    /** Zeros where the counters were not allocated. */
    static void values(ProcText out, List<MibList.Entry> list, Mib mib, String member) {
        boolean kept = mib.has(member);
        for (MibList.Entry entry : list) {
            long value = kept ? mib.folded(member, entry.index()) : 0;
            out.put(' ');
            if (entry.name().equals(SIGNED)) {
                out.dec(value);
            } else {
                out.unsigned(value);
            }
        }
    }

    /** {@code "%-32s\t%lu\n"} and the like. */
    static void line(ProcText out, String name, int width, long value) {
        out.left(name, width).put('\t').unsigned(value).put('\n');
    }

    static void lines(ProcText out, int width, List<MibList.Entry> list, Mib mib, String member) {
        for (MibList.Entry entry : list) {
            line(out, entry.name(), width, mib.folded(member, entry.index()));
        }
    }
}
