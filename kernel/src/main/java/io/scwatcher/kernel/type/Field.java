package io.scwatcher.kernel.type;

/**
 * Where a member lies inside a structure, seen from the outermost one that was asked.
 *
 * @param path as asked for, {@code se.sum_exec_runtime}
 * @param type the member's type
 * @param offset bytes from the start of the outermost structure
 * @param bitOffset for bit-fields: bits from {@code offset}; else 0
 * @param bitSize for bit-fields: width in bits; else 0
 */
public record Field(String path, CType type, int offset, int bitOffset, int bitSize) {
    public boolean isBitField() {
        return bitSize != 0;
    }
}
