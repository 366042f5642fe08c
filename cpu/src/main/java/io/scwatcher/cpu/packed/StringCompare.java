package io.scwatcher.cpu.packed;

/** The comparison behind PCMPISTRI, PCMPISTRM, PCMPESTRI and PCMPESTRM (SDM vol. 2, 4.1). */
public final class StringCompare {
    private static final int WORDS = 1, SIGNED = 2, NEGATIVE = 0x10, MASKED = 0x20, MOST_SIGNIFICANT = 0x40, EXPANDED = 0x40;

    private final int control;
    /** 16 bytes or 8 words. */
    private final int elements;
    private final int[] first = new int[16];
    private final int[] second = new int[16];
    private final int firstLength;
    private final int secondLength;
    private final int result;

    private StringCompare(long firstLow, long firstHigh, int firstLength, long secondLow, long secondHigh, int secondLength, int control) {
        this.control = control;
        elements = (control & WORDS) != 0 ? 8 : 16;
        unpack(firstLow, firstHigh, first);
        unpack(secondLow, secondHigh, second);
        this.firstLength = firstLength < 0 ? implicitLength(first) : Math.min(firstLength, elements);
        this.secondLength = secondLength < 0 ? implicitLength(second) : Math.min(secondLength, elements);
        result = polarize(aggregate());
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

    private void unpack(long low, long high, int[] to) {
        int bits = 128 / elements;
        for (int i = 0; i < elements; i++) {
            long element = (i < elements / 2 ? low : high) >>> i * bits << 64 - bits;
            to[i] = (int) ((control & SIGNED) != 0 ? element >> 64 - bits : element >>> 64 - bits);
        }
    }

    private int implicitLength(int[] string) {
        int length = 0;
        while (length < elements && string[length] != 0) {
            length++;
        }
        return length;
    }

    private int aggregate() {
        int bits = 0;
        for (int j = 0; j < elements; j++) {
            boolean holds = switch (control >> 2 & 3) {
                case 0 -> isAny(j);
                case 1 -> isInRange(j);
                case 2 -> j < firstLength && j < secondLength ? first[j] == second[j] : j >= firstLength && j >= secondLength;
                default -> startsHere(j);
            };
            bits |= holds ? 1 << j : 0;
        }
        return bits;
    }

    private boolean isAny(int j) {
        for (int i = 0; i < firstLength && j < secondLength; i++) {
            if (first[i] == second[j]) {
                return true;
            }
        }
        return false;
    }

    /** Elements 2i and 2i+1 of the first string are the bounds of a range. */
    private boolean isInRange(int j) {
        for (int i = 0; i + 1 < firstLength && j < secondLength; i += 2) {
            if (second[j] >= first[i] && second[j] <= first[i + 1]) {
                return true;
            }
        }
        return false;
    }

    /** Whether the first string, as far as it fits, stands at element j of the second. */
    private boolean startsHere(int j) {
        for (int i = 0; i < firstLength && j + i < elements; i++) {
            if (j + i >= secondLength || first[i] != second[j + i]) {
                return false;
            }
        }
        return true;
    }

    private int polarize(int bits) {
        int all = (1 << elements) - 1;
        if ((control & NEGATIVE) == 0) {
            return bits;
        }
        return bits ^ ((control & MASKED) == 0 ? all : (1 << secondLength) - 1);
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

    public boolean carry() {
        return result != 0;
    }

    public boolean zero() {
        return secondLength < elements;
    }

    public boolean sign() {
        return firstLength < elements;
    }

    public boolean overflow() {
        return (result & 1) != 0;
    }
}
