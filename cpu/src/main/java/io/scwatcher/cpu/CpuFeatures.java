package io.scwatcher.cpu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * What CPUID says (SDM vol. 2, CPUID): x86-64-v2 and nothing beyond it. Vendor, family and model are those of the first processor of that level, since
 * programs read caches in the vendor's way and choose among their routines by the model. ERMS is promised because long REP MOVSB are what this
 * engine copies fastest.
 */
public final class CpuFeatures {
    private static final int MAX_LEAF = 0xb;
    private static final int MAX_EXTENDED_LEAF = 0x8000_0008;
    /** Family 6, model 26, stepping 5. */
    private static final int SIGNATURE = 0x0001_06a5;
    private static final String VENDOR = "GenuineIntel";
    private static final String BRAND = "SCwatcher x86-64-v2 processor";

    /** Leaf 1, EDX: FPU, TSC, CX8, CMOV, CLFSH, MMX, FXSR, SSE, SSE2. */
    private static final int BASE = 1 | 1 << 4 | 1 << 8 | 1 << 15 | 1 << 19 | 1 << 23 | 1 << 24 | 1 << 25 | 1 << 26;
    /** Leaf 1, ECX: SSE3, SSSE3, CMPXCHG16B, SSE4.1, SSE4.2, POPCNT. */
    private static final int LEVEL_2 = 1 | 1 << 9 | 1 << 13 | 1 << 19 | 1 << 20 | 1 << 23;
    private static final int CLFLUSH_LINE = 8 << 8;
    private static final int ONE_PROCESSOR = 1 << 16;
    private static final int ERMS = 1 << 9;
    private static final int LAHF = 1;
    private static final int SYSCALL_NX_RDTSCP_LM = 1 << 11 | 1 << 20 | 1 << 27 | 1 << 29;
    private static final int INVARIANT_TSC = 1 << 8;
    private static final int ADDRESS_BITS = 48 << 8 | 48;

    private static final int DATA = 1;
    private static final int CODE = 2;
    private static final int UNIFIED = 3;

    private CpuFeatures() {
    }

    /** AT_HWCAP: CPUID 1, EDX (arch/x86/include/asm/elf.h). */
    public static int hwcap() {
        return BASE;
    }

    /** EAX, EBX, ECX, EDX of a leaf and subleaf; zeros for those that don't exist. */
    public static int[] cpuid(int leaf, int subleaf) {
        return switch (leaf) {
            case 0 -> new int[] {MAX_LEAF, word(VENDOR, 0), word(VENDOR, 2), word(VENDOR, 1)};
            case 1 -> new int[] {SIGNATURE, CLFLUSH_LINE | ONE_PROCESSOR, LEVEL_2, BASE};
            case 2 -> new int[] {0x00fe_ff01, 0, 0, 0}; // caches are told by leaf 4
            case 4 -> cache(subleaf);
            case 7 -> subleaf == 0 ? new int[] {0, ERMS, 0, 0} : new int[4];
            case 0xb -> topology(subleaf);
            case 0x8000_0000 -> new int[] {MAX_EXTENDED_LEAF, 0, 0, 0};
            case 0x8000_0001 -> new int[] {0, 0, LAHF, SYSCALL_NX_RDTSCP_LM};
            case 0x8000_0002, 0x8000_0003, 0x8000_0004 -> brand(leaf - 0x8000_0002);
            case 0x8000_0006 -> new int[] {0, 0, 1024 << 16 | 8 << 12 | 64, 0};
            case 0x8000_0007 -> new int[] {0, 0, 0, INVARIANT_TSC};
            case 0x8000_0008 -> new int[] {ADDRESS_BITS, 0, 0, 0};
            default -> new int[4];
        };
    }

    private static int[] cache(int subleaf) {
        return switch (subleaf) {
            case 0 -> cache(DATA, 1, 8, 32 << 10);
            case 1 -> cache(CODE, 1, 8, 32 << 10);
            case 2 -> cache(UNIFIED, 2, 16, 1 << 20);
            case 3 -> cache(UNIFIED, 3, 16, 32 << 20);
            default -> new int[4];
        };
    }

    private static int[] cache(int type, int level, int ways, int bytes) {
        int line = 64;
        int selfInitializing = 1 << 8;
        return new int[] {type | level << 5 | selfInitializing, line - 1 | ways - 1 << 22, bytes / (ways * line) - 1, 0};
    }

    /** One thread in one core. */
    private static int[] topology(int subleaf) {
        int levelType = subleaf < 2 ? subleaf + 1 : 0;
        return new int[] {0, subleaf < 2 ? 1 : 0, levelType << 8 | subleaf & 0xff, 0};
    }

    private static int[] brand(int part) {
        String padded = BRAND + "\0".repeat(48 - BRAND.length());
        return new int[] {word(padded, 4 * part), word(padded, 4 * part + 1), word(padded, 4 * part + 2), word(padded, 4 * part + 3)};
    }

    private static int word(String text, int index) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)).order(ByteOrder.LITTLE_ENDIAN).getInt(4 * index);
    }
}
