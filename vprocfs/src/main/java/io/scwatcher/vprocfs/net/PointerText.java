package io.scwatcher.vprocfs.net;

import io.scwatcher.kernel.Kernel;
import io.scwatcher.vprocfs.ProcText;

/**
 * {@code %p} and {@code %pK} (lib/vsprintf.c, pointer_string, ptr_to_id, restricted_pointer): the kernel shows a keyed
 * hash instead of an address, and the key lies in its memory. The reader is taken for root in the initial user
 * namespace, who sees what {@code kernel.kptr_restrict} = 1 hides from others.
 */
public final class PointerText {
    private static final int DIGITS = 16;
    private static final int MAX_ERRNO = 4095;

    private enum Style { HASHED, RAW, ZERO, UNAVAILABLE }

    private final Style plain;
    private final Style restricted;
    private final long key0;
    private final long key1;

    private PointerText(Style plain, Style restricted, long key0, long key1) {
        this.plain = plain;
        this.restricted = restricted;
        this.key0 = key0;
        this.key1 = key1;
    }

    /** How the kernel prints pointers at the moment of the epoch. */
    public static PointerText of(Kernel kernel) {
        Style plain = plainStyle(kernel);
        int restrict = kernel.symbols().has("kptr_restrict")
                ? (int) kernel.memory().u32(kernel.address("kptr_restrict")) : 0;
        Style restricted = switch (restrict) {
            case 0 -> plain;
            case 1 -> Style.RAW;
            default -> Style.ZERO;
        };
        if (plain != Style.HASHED) {
            return new PointerText(plain, restricted, 0, 0);
        }
        long key = kernel.address("ptr_key");
        return new PointerText(plain, restricted, kernel.memory().u64(key), kernel.memory().u64(key + Long.BYTES));
    }

    /** Appends {@code %p}. */
    public void plain(ProcText out, long pointer) {
        print(out, pointer, plain);
    }

    /** Appends {@code %pK}. */
    public void restricted(ProcText out, long pointer) {
        print(out, pointer, restricted);
    }

    /** Appends {@code %8pK} and the like: blanks in front instead of zeros. */
    void restricted(ProcText out, long pointer, int width) {
        ProcText digits = new ProcText();
        print(digits, pointer, restricted);
        out.right(digits.toString().replaceFirst("^0+(?!$)", ""), width);
    }

    private void print(ProcText out, long pointer, Style style) {
        switch (style) {
            case RAW -> out.hex(pointer, DIGITS);
            case ZERO -> out.hex(0, DIGITS);
            case HASHED -> out.hex(isErrorOrNull(pointer) ? pointer : hash(pointer), DIGITS);
            case UNAVAILABLE -> out.put("(____ptrval____)");
        }
    }

    private long hash(long pointer) {
        return SipHash.hash(key0, key1, pointer) & 0xffff_ffffL;
    }

    private static Style plainStyle(Kernel kernel) {
        if (flag(kernel, "no_hash_pointers")) {
            return Style.RAW;
        }
        if (!kernel.symbols().has("ptr_key")) {
            return Style.UNAVAILABLE;
        }
        boolean tellsFilled = kernel.symbols().has("filled_random_ptr_key");
        return tellsFilled && !flag(kernel, "filled_random_ptr_key") ? Style.UNAVAILABLE : Style.HASHED;
    }

    private static boolean flag(Kernel kernel, String symbol) {
        var place = kernel.symbols().find(symbol);
        return place.isPresent() && kernel.memory().u8(place.getAsLong()) != 0;
    }

    private static boolean isErrorOrNull(long pointer) {
        return pointer == 0 || Long.compareUnsigned(pointer, -MAX_ERRNO) >= 0;
    }
}
