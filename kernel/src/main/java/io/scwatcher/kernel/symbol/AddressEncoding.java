package io.scwatcher.kernel.symbol;

/** How {@code kallsyms} stores addresses. Which one a kernel uses is found out by trying, not by its version. */
enum AddressEncoding {
    /** {@code kallsyms_addresses}: 64-bit addresses (without {@code CONFIG_KALLSYMS_BASE_RELATIVE}, removed in 6.11). */
    ABSOLUTE(8) {
        @Override
        long address(long raw, long place, long base) {
            return raw;
        }
    },
    /** {@code CONFIG_KALLSYMS_ABSOLUTE_PERCPU}, x86-64 SMP until 6.14: positive ones are absolute, others from the base down. */
    RELATIVE_OR_ABSOLUTE(4) {
        @Override
        long address(long raw, long place, long base) {
            return (int) raw >= 0 ? (int) raw : base - 1 - (int) raw;
        }
    },
    /** {@code kallsyms_relative_base} plus an unsigned offset. */
    RELATIVE(4) {
        @Override
        long address(long raw, long place, long base) {
            return base + (raw & 0xffff_ffffL);
        }
    },
    /** The distance from the entry itself (7.0). */
    PLACE_RELATIVE(4) {
        @Override
        long address(long raw, long place, long base) {
            return place + (int) raw;
        }
    };

    private final int width;

    AddressEncoding(int width) {
        this.width = width;
    }

    /** Bytes of one entry. */
    int width() {
        return width;
    }

    /**
     * @param raw the entry's value
     * @param place the entry's own address
     * @param base {@code kallsyms_relative_base}
     */
    abstract long address(long raw, long place, long base);

    long[] decode(byte[] table, long tableAddress, long base, int count) {
        long[] addresses = new long[count];
        for (int i = 0; i < count; i++) {
            int at = i * width;
            long raw = 0;
            for (int b = width - 1; b >= 0; b--) {
                raw = raw << 8 | table[at + b] & 0xff;
            }
            addresses[i] = address(raw, tableAddress + at, base);
        }
        return addresses;
    }
}
