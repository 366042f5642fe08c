package io.scwatcher.cpu.decode;

import java.util.ArrayList;
import java.util.List;

/** All forms, found by opcode map, opcode and ModRM.reg. */
final class FormTable {
    private static final Form[] NONE = {};

    /** Every row of every family. */
    static final List<Form> ALL;

    /** Index: (map * 256 + opcode) * 8 + ModRM.reg; for opcodes without ModRM the same for all eight. */
    private static final Form[][] CANDIDATES = new Form[4 * 256 * 8][];

    static {
        List<Form> all = new ArrayList<>(1000);
        parse(Family.INTEGER, IntegerTable.ROWS, all);
        parse(Family.X87, X87Table.ROWS, all);
        parse(Family.MMX, MmxTable.ROWS, all);
        parse(Family.SSE, SseTable.ROWS, all);
        ALL = List.copyOf(all);
        for (Form form : ALL) {
            for (int i = 0; i < form.opcodeCount(); i++) {
                for (int reg = 0; reg < 8; reg++) {
                    if (form.wantsReg(reg)) {
                        append(index(form.map(), form.opcodeByte() + i, reg), form);
                    }
                }
            }
        }
    }

    private FormTable() {
    }

    /** The forms of an opcode that can have this ModRM.reg, in the order of the tables; empty if there are none. */
    static Form[] candidates(int map, int opcode, int reg) {
        Form[] candidates = CANDIDATES[index(map, opcode, reg)];
        return candidates == null ? NONE : candidates;
    }

    /** Whether a ModRM byte follows the opcode; false for opcodes that nothing is known of. */
    static boolean hasModRm(int map, int opcode) {
        for (int reg = 0; reg < 8; reg++) {
            Form[] candidates = CANDIDATES[index(map, opcode, reg)];
            if (candidates != null) {
                return candidates[0].hasModRm();
            }
        }
        return false;
    }

    private static int index(int map, int opcode, int reg) {
        return (map << 8 | opcode) << 3 | reg;
    }

    private static void append(int index, Form form) {
        Form[] old = CANDIDATES[index];
        Form[] longer = new Form[old == null ? 1 : old.length + 1];
        if (old != null) {
            System.arraycopy(old, 0, longer, 0, old.length);
        }
        longer[longer.length - 1] = form;
        CANDIDATES[index] = longer;
    }

    private static void parse(Family family, String rows, List<Form> into) {
        int start = 0;
        for (int end = rows.indexOf('\n'); end >= 0; end = rows.indexOf('\n', start)) {
            into.add(new Form(family, rows.substring(start, end)));
            start = end + 1;
        }
    }
}
