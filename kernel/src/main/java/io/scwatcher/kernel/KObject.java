package io.scwatcher.kernel;

import io.scwatcher.kernel.memory.VirtualMemory;
import io.scwatcher.kernel.type.CType;
import io.scwatcher.kernel.type.Field;
import io.scwatcher.kernel.type.StructType;

/**
 * A typed place in the guest kernel's memory, in the manner of drgn's objects: nothing is read until a value is asked
 * for. Members are named by path ({@code "signal"}, {@code "se.sum_exec_runtime"}); a path is resolved once for each
 * structure type. Values come as {@code long}, sign- or zero-extended after the member's C type; pointers as addresses.
 *
 * <p>Reading throws {@link io.scwatcher.kernel.memory.MemoryFault} where memory is not mapped, and
 * {@link io.scwatcher.kernel.type.NoSuchFieldInKernel} where this kernel has no such member.
 *
 * @param kernel the kernel and epoch it is read from
 * @param type what lies there
 * @param address kernel virtual address; 0 for what a null pointer points to
 */
public record KObject(Kernel kernel, CType type, long address) {
    /** Whether this was reached through a null pointer. */
    public boolean isNull() {
        return address == 0;
    }

    /** Whether the structure has such a member in this kernel. */
    public boolean has(String path) {
        return type instanceof StructType struct && struct.has(path);
    }

    /** The value of a member: integer, enumeration, pointer or bit-field. */
    public long get(String path) {
        return read(field(path));
    }

    /** The value of a member, or {@code otherwise} where this kernel has no such member. */
    public long getOr(String path, long otherwise) {
        return has(path) ? get(path) : otherwise;
    }

    /** {@link #get} for values that fit an {@code int}. */
    public int getInt(String path) {
        return (int) get(path);
    }

    /** The value of this object itself. */
    public long value() {
        return scalar(type, address);
    }

    /** A member as an object of its own, not yet read. */
    public KObject at(String path) {
        Field field = field(path);
        return new KObject(kernel, field.type(), address + field.offset());
    }

    /** What a pointer member points to. */
    public KObject ptr(String path) {
        Field field = field(path);
        long target = memory().u64(address + field.offset());
        CType pointee = field.type() instanceof CType.Pointer pointer ? pointer.target() : field.type();
        return new KObject(kernel, pointee, target);
    }

    /** What this pointer points to. */
    public KObject deref() {
        if (!(type instanceof CType.Pointer pointer)) {
            throw new IllegalStateException("not a pointer: " + type);
        }
        return new KObject(kernel, pointer.target(), memory().u64(address));
    }

    /** Element {@code index} of this array, or of the array that starts at this object. */
    public KObject index(long index) {
        CType element = type instanceof CType.Array array ? array.element() : type;
        return new KObject(kernel, element, address + index * element.size());
    }

    /** The text of a member: of a {@code char} array in place, or behind a {@code char} pointer ("" if null). */
    public String string(String path, int limit) {
        Field field = field(path);
        long place = address + field.offset();
        if (field.type() instanceof CType.Array array) {
            int length = array.length() == 0 ? limit : Math.min(limit, array.size());
            return memory().string(place, length);
        }
        long target = memory().u64(place);
        return target == 0 ? "" : memory().string(target, limit);
    }

    /** The same place seen as another structure. */
    public KObject as(String structure) {
        return new KObject(kernel, kernel.types().struct(structure), address);
    }

    /** The structure of which this object is the given member: the kernel's {@code container_of}. */
    public KObject containerOf(String structure, String member) {
        StructType outer = kernel.types().struct(structure);
        return new KObject(kernel, outer, address - outer.offsetOf(member));
    }

    public VirtualMemory memory() {
        return kernel.memory();
    }

    private Field field(String path) {
        if (!(type instanceof StructType struct)) {
            throw new IllegalStateException("'%s' asked of %s, which has no members".formatted(path, type));
        }
        return struct.field(path);
    }

    private long read(Field field) {
        long place = address + field.offset();
        if (!field.isBitField()) {
            return scalar(field.type(), place);
        }
        long first = place + field.bitOffset() / 8;
        int shift = field.bitOffset() % 8;
        long raw = 0;
        for (int i = 0; i < (shift + field.bitSize() + 7) / 8; i++) {
            raw |= (long) memory().u8(first + i) << (8 * i);
        }
        int unused = Long.SIZE - field.bitSize();
        boolean signed = field.type() instanceof CType.Int integer && integer.signed();
        long aligned = raw >>> shift << unused;
        return signed ? aligned >> unused : aligned >>> unused;
    }

    private long scalar(CType scalar, long place) {
        boolean signed = scalar instanceof CType.Int integer && integer.signed();
        return switch (scalar.size()) {
            case 1 -> signed ? (byte) memory().u8(place) : memory().u8(place);
            case 2 -> signed ? (short) memory().u16(place) : memory().u16(place);
            case 4 -> signed ? (int) memory().u32(place) : memory().u32(place);
            case 8 -> memory().u64(place);
            default -> throw new IllegalStateException("not a scalar: " + scalar);
        };
    }
}
