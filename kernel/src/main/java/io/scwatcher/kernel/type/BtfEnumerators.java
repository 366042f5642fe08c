package io.scwatcher.kernel.type;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/** All enumeration constants of one BTF by name; the first of several of one name counts. */
final class BtfEnumerators {
    private final Map<String, Long> values = new HashMap<>(1 << 16);

    BtfEnumerators(Btf btf) {
        for (int id = btf.firstId(); id < btf.endId(); id++) {
            int kind = btf.kind(id);
            if (kind == Btf.KIND_ENUM || kind == Btf.KIND_ENUM64) {
                for (int i = 0; i < btf.vlen(id); i++) {
                    values.putIfAbsent(constantName(btf, id, kind, i), constantValue(btf, id, kind, i));
                }
            }
        }
    }

    OptionalLong value(String name) {
        Long value = values.get(name);
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }

    /** The name of a constant of one enumeration by its value, or null. */
    static String nameOf(Btf btf, int id, long value) {
        int kind = btf.kind(id);
        if (kind != Btf.KIND_ENUM && kind != Btf.KIND_ENUM64) {
            return null;
        }
        for (int i = 0; i < btf.vlen(id); i++) {
            if (constantValue(btf, id, kind, i) == value) {
                return constantName(btf, id, kind, i);
            }
        }
        return null;
    }

    private static String constantName(Btf btf, int id, int kind, int i) {
        return btf.string(btf.extra(id, kind == Btf.KIND_ENUM ? 2 * i : 3 * i));
    }

    private static long constantValue(Btf btf, int id, int kind, int i) {
        if (kind == Btf.KIND_ENUM) {
            return btf.extra(id, 2 * i + 1);
        }
        return btf.extra(id, 3 * i + 1) & 0xffff_ffffL | (long) btf.extra(id, 3 * i + 2) << 32;
    }
}
