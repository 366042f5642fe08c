package io.scwatcher.kernel.type;

import java.util.Arrays;

/**
 * Type names to type ids: a hash table with chains, made when first asked. Functions and variables are left out. Of
 * several types of one name the first counts; of several structures the largest, which is the kernel's central one where
 * drivers use the same name for something small ({@code console}, {@code node}).
 */
final class BtfNames {
    /** Sets of kinds, a bit for each. */
    static final int STRUCTURES = 1 << Btf.KIND_STRUCT | 1 << Btf.KIND_UNION;

    static final int TYPEDEFS = 1 << Btf.KIND_TYPEDEF;
    static final int ENUMERATIONS = 1 << Btf.KIND_ENUM | 1 << Btf.KIND_ENUM64;
    static final int ALL = STRUCTURES | TYPEDEFS | ENUMERATIONS | 1 << Btf.KIND_INT | 1 << Btf.KIND_FLOAT;

    private static final int[] NONE = {};

    private final Btf btf;
    private Table table;

    /** Position p of {@code ids} is in the chain that goes on at position {@code next[p] - 1}. */
    private record Table(int[] heads, int[] next, int[] ids) {}

    BtfNames(Btf btf) {
        this.btf = btf;
    }

    /** The type of that name and of one of these kinds, or 0. */
    int find(String name, int kinds) {
        int best = 0;
        for (int id : findAll(name, kinds)) {
            if ((STRUCTURES & 1 << btf.kind(id)) == 0) {
                return id;
            }
            if (best == 0 || btf.sizeOrType(id) > btf.sizeOrType(best)) {
                best = id;
            }
        }
        return best;
    }

    /** All types of that name and of one of these kinds, in the order of their ids. */
    int[] findAll(String name, int kinds) {
        Table index = table();
        int[] found = NONE;
        for (int p = index.heads[bucket(name.hashCode(), index.heads.length)]; p != 0; p = index.next[p - 1]) {
            int id = index.ids[p - 1];
            if ((kinds & 1 << btf.kind(id)) != 0 && btf.nameEquals(id, name)) {
                found = Arrays.copyOf(found, found.length + 1);
                found[found.length - 1] = id;
            }
        }
        return found;
    }

    /** GCC and clang name the integer types differently; null if the name has one spelling. */
    static String otherSpelling(String name) {
        return switch (name) {
            case "long" -> "long int";
            case "long int" -> "long";
            case "unsigned long" -> "long unsigned int";
            case "long unsigned int" -> "unsigned long";
            case "long long" -> "long long int";
            case "long long int" -> "long long";
            case "unsigned long long" -> "long long unsigned int";
            case "long long unsigned int" -> "unsigned long long";
            case "short" -> "short int";
            case "short int" -> "short";
            case "unsigned short" -> "short unsigned int";
            case "short unsigned int" -> "unsigned short";
            case "unsigned" -> "unsigned int";
            case "bool" -> "_Bool";
            case "_Bool" -> "bool";
            default -> null;
        };
    }

    private synchronized Table table() {
        if (table == null) {
            table = build();
        }
        return table;
    }

    private Table build() {
        int[] ids = new int[btf.count()];
        int count = 0;
        for (int id = btf.firstId(); id < btf.endId(); id++) {
            int kind = btf.kind(id);
            if (kind < Integer.SIZE && (ALL & 1 << kind) != 0 && btf.nameOffset(id) != 0) {
                ids[count++] = id;
            }
        }
        int[] heads = new int[Math.max(16, Integer.highestOneBit(Math.max(count, 1)) * 2)];
        int[] next = new int[count];
        for (int p = count - 1; p >= 0; p--) {
            int bucket = bucket(btf.stringHash(btf.nameOffset(ids[p])), heads.length);
            next[p] = heads[bucket];
            heads[bucket] = p + 1;
        }
        return new Table(heads, next, Arrays.copyOf(ids, count));
    }

    private static int bucket(int hash, int buckets) {
        return hash * 0x9E37_79B9 >>> 8 & buckets - 1;
    }
}
