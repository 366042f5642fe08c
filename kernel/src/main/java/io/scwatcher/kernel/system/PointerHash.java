package io.scwatcher.kernel.system;

import io.scwatcher.kernel.Kernel;

/**
 * How the kernel prints pointers that it does not want to give away: {@code %pK} as root reads it, and {@code %p}
 * (lib/vsprintf.c, {@code restricted_pointer}, {@code ptr_to_id}). The key of the hash lies in the guest's memory.
 */
public final class PointerHash {
    private static final int RESTRICTED_TO_CAPABLE = 1;

    private final boolean isFilled;
    private final boolean isPlain;
    private final int restriction;
    private final long key0;
    private final long key1;

    public PointerHash(Kernel kernel) {
        Variables variables = new Variables(kernel);
        isPlain = variables.isSet("no_hash_pointers", 1);
        restriction = variables.s32("kptr_restrict");
        isFilled = variables.has("filled_random_ptr_key") ? variables.u8("filled_random_ptr_key") != 0
                : kernel.object("not_filled_random_ptr_key", "static_key").getInt("enabled") <= 0;
        key0 = variables.u64At("ptr_key", 0);
        key1 = variables.u64At("ptr_key", 1);
    }

    /** {@code %pK}: sixteen hexadecimal digits, or what stands for them. */
    public String restricted(long pointer) {
        return switch (restriction) {
            case 0 -> plain(pointer);
            case RESTRICTED_TO_CAPABLE -> hex(pointer);
            default -> hex(0);
        };
    }

    /** {@code %p}. */
    public String plain(long pointer) {
        boolean isNoAddress = pointer == 0 || Long.compareUnsigned(pointer, -4095) >= 0;
        if (isPlain || isNoAddress) {
            return hex(pointer);
        }
        return isFilled ? hex(sipHash(pointer, key0, key1) & 0xffff_ffffL) : "(____ptrval____)";
    }

    private static String hex(long value) {
        return "%016x".formatted(value);
    }

    /** SipHash-2-4 (Aumasson and Bernstein) of one 64-bit word. */
    static long sipHash(long word, long key0, long key1) {
        long[] v = {key0 ^ 0x736f6d6570736575L, key1 ^ 0x646f72616e646f6dL,
            key0 ^ 0x6c7967656e657261L, key1 ^ 0x7465646279746573L};
        compress(v, word, 2);
        compress(v, 8L << 56, 2);
        v[2] ^= 0xff;
        rounds(v, 4);
        return v[0] ^ v[1] ^ v[2] ^ v[3];
    }

    private static void compress(long[] v, long word, int rounds) {
        v[3] ^= word;
        rounds(v, rounds);
        v[0] ^= word;
    }

    private static void rounds(long[] v, int count) {
        for (int i = 0; i < count; i++) {
            v[0] += v[1];
            v[1] = Long.rotateLeft(v[1], 13) ^ v[0];
            v[0] = Long.rotateLeft(v[0], 32);
            v[2] += v[3];
            v[3] = Long.rotateLeft(v[3], 16) ^ v[2];
            v[0] += v[3];
            v[3] = Long.rotateLeft(v[3], 21) ^ v[0];
            v[2] += v[1];
            v[1] = Long.rotateLeft(v[1], 17) ^ v[2];
            v[2] = Long.rotateLeft(v[2], 32);
        }
    }
}
