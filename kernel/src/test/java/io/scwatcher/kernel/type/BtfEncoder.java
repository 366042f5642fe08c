package io.scwatcher.kernel.type;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes BTF for tests, one type after the other. Each method that adds a type returns its id. */
public final class BtfEncoder {
    public static final int SIGNED = 1;

    private final ByteArrayOutputStream types = new ByteArrayOutputStream();
    private final ByteArrayOutputStream strings = new ByteArrayOutputStream();
    private final int stringBase;
    private int nextId;
    private byte[] layout = new byte[0];
    private int headerLength = 24;

    public BtfEncoder() {
        nextId = 1;
        stringBase = 0;
        strings.write(0);
    }

    /** A module's, on top of a base that has so many types and string bytes. */
    public BtfEncoder(BtfEncoder base) {
        nextId = base.nextId;
        stringBase = base.strings.size();
    }

    /** A member; {@code bitSize} 0 for what is no bit-field. */
    public record Member(String name, int type, int bitOffset, int bitSize) {}

    public static Member member(String name, int type, int byteOffset) {
        return new Member(name, type, byteOffset * 8, 0);
    }

    public int integer(String name, int size, int encoding) {
        return type(name, Btf.KIND_INT, 0, false, size, encoding << 24 | size * 8);
    }

    public int pointer(int target) {
        return type("", Btf.KIND_PTR, 0, false, target);
    }

    public int array(int element, int length) {
        return type("", Btf.KIND_ARRAY, 0, false, 0, element, element, length);
    }

    public int struct(String name, int size, Member... members) {
        return composite(Btf.KIND_STRUCT, name, size, members);
    }

    public int union(String name, int size, Member... members) {
        return composite(Btf.KIND_UNION, name, size, members);
    }

    private int composite(int kind, String name, int size, Member... members) {
        boolean bitFields = false;
        for (Member member : members) {
            bitFields |= member.bitSize != 0;
        }
        int[] words = new int[3 * members.length];
        for (int i = 0; i < members.length; i++) {
            words[3 * i] = string(members[i].name);
            words[3 * i + 1] = members[i].type;
            words[3 * i + 2] = members[i].bitOffset | (bitFields ? members[i].bitSize << 24 : 0);
        }
        return type(name, kind, members.length, bitFields, size, words);
    }

    /** Constants as name, value, name, value... */
    public int enumeration(String name, boolean signed, Object... constants) {
        int[] words = new int[constants.length];
        for (int i = 0; i < constants.length; i += 2) {
            words[i] = string((String) constants[i]);
            words[i + 1] = ((Number) constants[i + 1]).intValue();
        }
        return type(name, Btf.KIND_ENUM, constants.length / 2, signed, 4, words);
    }

    public int enumeration64(String name, boolean signed, Object... constants) {
        int[] words = new int[constants.length / 2 * 3];
        for (int i = 0; i < constants.length / 2; i++) {
            long value = ((Number) constants[2 * i + 1]).longValue();
            words[3 * i] = string((String) constants[2 * i]);
            words[3 * i + 1] = (int) value;
            words[3 * i + 2] = (int) (value >> 32);
        }
        return type(name, Btf.KIND_ENUM64, constants.length / 2, signed, 8, words);
    }

    /** Typedefs, qualifiers, tags, forwards, functions: what refers to one type and has nothing behind. */
    public int reference(int kind, String name, int target) {
        return type(name, kind, 0, false, target);
    }

    /** Any type at all. */
    public int type(String name, int kind, int vlen, boolean flag, int sizeOrType, int... words) {
        u32(types, string(name));
        u32(types, vlen | kind << 24 | (flag ? 1 << 31 : 0));
        u32(types, sizeOrType);
        for (int word : words) {
            u32(types, word);
        }
        return nextId++;
    }

    /** Adds the layout section of 7.2: for each kind from 0 on the fixed bytes and the bytes of each element. */
    public void layout(int... sizes) {
        headerLength = 32;
        layout = new byte[sizes.length * 2];
        for (int kind = 0; kind < sizes.length / 2; kind++) {
            layout[4 * kind] = (byte) sizes[2 * kind];
            layout[4 * kind + 1] = (byte) sizes[2 * kind + 1];
        }
    }

    public byte[] encode() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        u32(out, 0xeb9f | 1 << 16);
        u32(out, headerLength);
        u32(out, 0);
        u32(out, types.size());
        u32(out, types.size());
        u32(out, strings.size());
        if (headerLength == 32) {
            u32(out, types.size() + strings.size());
            u32(out, layout.length);
        }
        out.writeBytes(types.toByteArray());
        out.writeBytes(strings.toByteArray());
        out.writeBytes(layout);
        return out.toByteArray();
    }

    private int string(String text) {
        if (text.isEmpty()) {
            return 0;
        }
        int at = stringBase + strings.size();
        strings.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
        strings.write(0);
        return at;
    }

    private static void u32(ByteArrayOutputStream to, int value) {
        to.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
    }
}
