package io.scwatcher.cpu.packed;

/**
 * The comparison behind PCMPISTRI, PCMPISTRM, PCMPESTRI and PCMPESTRM (SDM vol. 2, 4.1). A string is two quadwords; sets of elements have a bit for each
 * of 16 bytes or 8 words.
 */
public final class StringCompare {
    private static final int WORDS = 1, SIGNED = 2, NEGATIVE = 0x10, MASKED = 0x20, MOST_SIGNIFICANT = 0x40, EXPANDED = 0x40;
    private static final int CF = 1, ZF = 0x40, SF = 0x80, OF = 0x800;

    private final int control;
    /** 16 bytes or 8 words. */
    private final int elements;
    private final int firstLength;
    private final int secondLength;
    private final int result;

    private StringCompare(long firstLow, long firstHigh, int firstLength, long secondLow, long secondHigh, int secondLength, int control) {
        this.control = control;
        elements = (control & WORDS) != 0 ? 8 : 16;
        this.firstLength = firstLength < 0 ? implicitLength(firstLow, firstHigh) : Math.min(firstLength, elements);
        this.secondLength = secondLength < 0 ? implicitLength(secondLow, secondHigh) : Math.min(secondLength, elements);
        result = polarize(switch (control >> 2 & 3) {
            case 0 -> equalAny(firstLow, firstHigh, secondLow, secondHigh);
            case 1 -> inRanges(firstLow, firstHigh, secondLow, secondHigh);
            case 2 -> equalEach(firstLow, firstHigh, secondLow, secondHigh);
            default -> equalOrdered(firstLow, firstHigh, secondLow, secondHigh);
        });
    }

    /** Lengths end at the first element that is zero. */
    public static StringCompare implicit(long firstLow, long firstHigh, long secondLow, long secondHigh, int control) {
        return new StringCompare(firstLow, firstHigh, -1, secondLow, secondHigh, -1, control);
    }

    /** Lengths in elements; their magnitude counts, up to all elements. */
    public static StringCompare explicit(long firstLow, long firstHigh, long firstLength, long secondLow, long secondHigh, long secondLength, int control) {
        return new StringCompare(firstLow, firstHigh, magnitude(firstLength), secondLow, secondHigh, magnitude(secondLength), control);
    }

    private static int magnitude(long length) {
        return length == Long.MIN_VALUE ? 16 : (int) Math.min(Math.abs(length), 16);
    }

    private int implicitLength(long low, long high) {
        if (!Lanes.hasZero(low, tops()) && !Lanes.hasZero(high, tops())) {
            return elements;
        }
        return Integer.numberOfTrailingZeros(equal(low, high, 0, 0) | 1 << elements);
    }

    /** The first so many elements. */
    private static int prefix(int length) {
        return (1 << length) - 1;
    }

    /** The top bits of all elements of a quadword. */
    private long tops() {
        return elements == 8 ? Lanes.WORDS : Lanes.BYTES;
    }

    /** The elements whose masks are set. */
    private int set(long lowMask, long highMask) {
        if (elements == 8) {
            return PackedIntegers.pmovmskb(PackedShuffles.packsswb(lowMask, highMask));
        }
        return PackedIntegers.pmovmskb(lowMask) | PackedIntegers.pmovmskb(highMask) << 8;
    }

    private int equal(long low, long high, long otherLow, long otherHigh) {
        if (low == otherLow && high == otherHigh) {
            return prefix(elements);
        }
        return set(Lanes.equal(low, otherLow, tops()), Lanes.equal(high, otherHigh, tops()));
    }

    /** A quadword whose elements are all the i-th of a string. */
    private long repeat(long low, long high, int i) {
        int bits = 128 / elements;
        long element = (i < elements / 2 ? low : high) >>> i * bits & -1L >>> 64 - bits;
        return element * (tops() >>> bits - 1);
    }

    private int equalAny(long firstLow, long firstHigh, long secondLow, long secondHigh) {
        int found = 0;
        for (int i = 0; i < firstLength; i++) {
            long element = repeat(firstLow, firstHigh, i);
            found |= equal(element, element, secondLow, secondHigh);
        }
        return found & prefix(secondLength);
    }

    /** Elements 2i and 2i+1 of the first string are the bounds of a range. */
    private int inRanges(long firstLow, long firstHigh, long secondLow, long secondHigh) {
        long flip = (control & SIGNED) != 0 ? tops() : 0;
        int found = 0;
        for (int i = 0; i + 1 < firstLength; i += 2) {
            long from = repeat(firstLow, firstHigh, i) ^ flip;
            long to = repeat(firstLow, firstHigh, i + 1) ^ flip;
            found |= set(within(secondLow ^ flip, from, to), within(secondHigh ^ flip, from, to));
        }
        return found & prefix(secondLength);
    }

    private long within(long value, long from, long to) {
        return Lanes.atLeast(value, from, tops()) & Lanes.atLeast(to, value, tops());
    }

    /** Elements behind both ends are equal, one that is behind only one end is not. */
    private int equalEach(long firstLow, long firstHigh, long secondLow, long secondHigh) {
        int first = prefix(firstLength);
        int second = prefix(secondLength);
        return equal(firstLow, firstHigh, secondLow, secondHigh) & first & second | prefix(elements) & ~(first | second);
    }

    /** Where the first string, as far as it fits, stands in the second. */
    private int equalOrdered(long firstLow, long firstHigh, long secondLow, long secondHigh) {
        int found = prefix(elements);
        for (int i = 0; i < firstLength; i++) {
            long element = repeat(firstLow, firstHigh, i);
            found &= (equal(element, element, secondLow, secondHigh) & prefix(secondLength) | -1 << elements) >> i;
        }
        return found;
    }

    private int polarize(int found) {
        if ((control & NEGATIVE) == 0) {
            return found;
        }
        return found ^ prefix((control & MASKED) == 0 ? elements : secondLength);
    }

    /** The number of the lowest or highest element that matches; that of all elements if none does. */
    public int index() {
        if (result == 0) {
            return elements;
        }
        return (control & MOST_SIGNIFICANT) != 0 ? 31 - Integer.numberOfLeadingZeros(result) : Integer.numberOfTrailingZeros(result);
    }

    /** Half 0 or 1 of the mask that goes to XMM0: a bit for each element, or the whole element. */
    public long mask(int half) {
        if ((control & EXPANDED) == 0) {
            return half == 0 ? result : 0;
        }
        int bits = 128 / elements;
        long mask = 0;
        for (int i = 0; i < elements / 2; i++) {
            mask |= (result >> half * elements / 2 + i & 1) == 0 ? 0 : -1L >>> 64 - bits << i * bits;
        }
        return mask;
    }

    /** The status flags as the bits of RFLAGS. */
    public int flags() {
        return (result != 0 ? CF : 0) | (secondLength < elements ? ZF : 0) | (firstLength < elements ? SF : 0) | (result & 1) * OF;
    }
}
