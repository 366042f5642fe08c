package io.scwatcher.kernel.type;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The BPF Type Format (Documentation/bpf/btf.rst) of the kernel, or of one module on top of the kernel's. Only the
 * places of the types are indexed; nothing else is decoded before it is asked for. Everything is bounds-checked.
 */
public final class Btf {
    static final int KIND_INT = 1;
    static final int KIND_PTR = 2;
    static final int KIND_ARRAY = 3;
    static final int KIND_STRUCT = 4;
    static final int KIND_UNION = 5;
    static final int KIND_ENUM = 6;
    static final int KIND_FWD = 7;
    static final int KIND_TYPEDEF = 8;
    static final int KIND_VOLATILE = 9;
    static final int KIND_CONST = 10;
    static final int KIND_RESTRICT = 11;
    static final int KIND_FUNC = 12;
    static final int KIND_FUNC_PROTO = 13;
    static final int KIND_VAR = 14;
    static final int KIND_DATASEC = 15;
    static final int KIND_FLOAT = 16;
    static final int KIND_DECL_TAG = 17;
    static final int KIND_TYPE_TAG = 18;
    static final int KIND_ENUM64 = 19;

    /** Bytes of {@code struct btf_type}, in front of what depends on the kind. */
    static final int TYPE_BYTES = 12;

    private static final int MAGIC = 0xeb9f;
    private static final int MIN_HEADER = 24;
    private static final int HEADER_WITH_LAYOUT = 32;
    private static final int LAYOUT_ENTRY = 4;
    /** Longer than any identifier, so that overlapping strings cannot cost much. */
    private static final int MAX_STRING = 1024;
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] data;
    private final Btf base;
    private final int firstId;
    private final int firstString;
    private final int strings;
    private final int stringsLength;
    /** Where each type starts in {@code data}; [0] belongs to {@code firstId}. */
    private final int[] places;
    private final int count;

    private Btf(byte[] data, Btf base) throws BtfException {
        this.data = data;
        this.base = base;
        this.firstId = base == null ? 1 : base.endId();
        this.firstString = base == null ? 0 : base.firstString + base.stringsLength;
        if (data.length < MIN_HEADER || (u32(0) & 0xffff) != MAGIC || (u32(0) >> 16 & 0xff) != 1) {
            throw new BtfException("no BTF header");
        }
        int header = u32(4);
        if (header < MIN_HEADER || header > data.length) {
            throw new BtfException("header length " + Integer.toUnsignedString(header));
        }
        int typesLength = u32(12);
        int types = section(header, u32(8), typesLength);
        stringsLength = u32(20);
        strings = section(header, u32(16), stringsLength);
        if (stringsLength == 0 && base == null || stringsLength > 0 && data[strings + stringsLength - 1] != 0) {
            throw new BtfException("string section without end");
        }
        int layouts = 0;
        int layoutLength = 0;
        if (header >= HEADER_WITH_LAYOUT) {
            layoutLength = u32(28);
            layouts = section(header, u32(24), layoutLength);
        }
        int[] found = new int[Math.max(16, typesLength / 16)];
        int n = 0;
        int at = types;
        int end = types + typesLength;
        while (at < end) {
            if (end - at < TYPE_BYTES) {
                throw new BtfException("type " + (firstId + n) + " is cut off");
            }
            long size = TYPE_BYTES + extraBytes(u32(at + 4), layouts, layoutLength);
            if (size < TYPE_BYTES || size > end - at) {
                throw new BtfException("type " + (firstId + n) + " does not fit");
            }
            if (n == found.length) {
                found = java.util.Arrays.copyOf(found, n * 2);
            }
            found[n++] = at;
            at += (int) size;
        }
        places = found;
        count = n;
    }

    /**
     * Indexes BTF.
     *
     * @param data all of it, from the header on; kept, not copied
     * @param base what a module's BTF builds on, null for the kernel's own
     * @throws BtfException if the data is not well-formed
     */
    public static Btf parse(byte[] data, Btf base) throws BtfException {
        return new Btf(data, base);
    }

    /** The first type id of this BTF itself; lower ones are its base's. */
    int firstId() {
        return firstId;
    }

    /** One more than the highest type id. */
    int endId() {
        return firstId + count;
    }

    /** Types, those of the base not counted. */
    public int count() {
        return count;
    }

    Btf base() {
        return base;
    }

    /** Whether {@code id} is one of this BTF's own. */
    boolean owns(int id) {
        return id >= firstId && id < firstId + count;
    }

    int kind(int id) {
        return kindOf(u32(place(id) + 4));
    }

    /** How many members, constants, parameters or variables follow. */
    int vlen(int id) {
        return u32(place(id) + 4) & 0xff_ffff;
    }

    boolean kindFlag(int id) {
        return u32(place(id) + 4) < 0;
    }

    /** The type's {@code size}, or the id of the {@code type} that it refers to. */
    int sizeOrType(int id) {
        return u32(place(id) + 8);
    }

    int nameOffset(int id) {
        return u32(place(id));
    }

    String name(int id) {
        return string(nameOffset(id));
    }

    boolean nameEquals(int id, String name) {
        int offset = nameOffset(id);
        return stringHash(offset) == name.hashCode() && string(offset).equals(name);
    }

    /** Word {@code index} of what follows the type's fixed part. */
    int extra(int id, int index) {
        return u32(place(id) + TYPE_BYTES + 4 * index);
    }

    /** A string by its offset, that of the base included; "" where it is out of bounds. */
    String string(int offset) {
        if (offset < firstString) {
            return base == null || offset < 0 ? "" : base.string(offset);
        }
        int relative = offset - firstString;
        if (relative >= stringsLength) {
            return "";
        }
        int start = strings + relative;
        int end = start;
        while (data[end] != 0 && end - start < MAX_STRING) {
            end++;
        }
        return new String(data, start, end - start, StandardCharsets.ISO_8859_1);
    }

    /** As {@link String#hashCode} of {@link #string}, without making one. */
    int stringHash(int offset) {
        if (offset < firstString) {
            return base == null || offset < 0 ? 0 : base.stringHash(offset);
        }
        int hash = 0;
        int relative = offset - firstString;
        if (relative < stringsLength) {
            int start = strings + relative;
            for (int at = start; data[at] != 0 && at - start < MAX_STRING; at++) {
                hash = 31 * hash + (data[at] & 0xff);
            }
        }
        return hash;
    }

    private int place(int id) {
        return places[id - firstId];
    }

    private static int kindOf(int info) {
        return info >>> 24 & 0x7f;
    }

    private int section(int header, int offset, int length) throws BtfException {
        long start = (long) header + (offset & 0xffff_ffffL);
        if (offset < 0 || length < 0 || start + length > data.length) {
            throw new BtfException("section out of bounds");
        }
        return (int) start;
    }

    /** Kinds newer than this code are skipped by the layout section, which kernels from 7.2 on bring along. */
    private long extraBytes(int info, int layouts, int layoutLength) throws BtfException {
        long vlen = info & 0xff_ffff;
        int kind = kindOf(info);
        return switch (kind) {
            case KIND_PTR, KIND_FWD, KIND_TYPEDEF, KIND_VOLATILE, KIND_CONST, KIND_RESTRICT, KIND_FUNC, KIND_FLOAT,
                    KIND_TYPE_TAG -> 0;
            case KIND_INT, KIND_VAR, KIND_DECL_TAG -> 4;
            case KIND_ARRAY -> 12;
            case KIND_STRUCT, KIND_UNION, KIND_DATASEC, KIND_ENUM64 -> 12 * vlen;
            case KIND_ENUM, KIND_FUNC_PROTO -> 8 * vlen;
            default -> {
                if ((long) (kind + 1) * LAYOUT_ENTRY > layoutLength) {
                    throw new BtfException("kind " + kind + " is unknown and not described");
                }
                int entry = u32(layouts + kind * LAYOUT_ENTRY);
                yield (entry & 0xff) + (entry >>> 8 & 0xff) * vlen;
            }
        };
    }

    private int u32(int at) {
        return (int) INT.get(data, at);
    }
}
