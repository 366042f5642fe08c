package io.scwatcher.kernel.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.symbol.Symbol;
import io.scwatcher.kernel.type.CType;
import io.scwatcher.kernel.type.NoSuchFieldInKernel;

/**
 * The kernel's global variables and enumeration constants by name. BTF gives no types for variables (only for per-CPU
 * ones), so the reader says how wide a scalar is.
 *
 * <p>Every method throws {@link NoSuchFieldInKernel} where this kernel has no such symbol or constant, unless it says
 * otherwise.
 */
public record Variables(Kernel kernel) {
    private static final int LARGEST = 64 << 10;

    public boolean has(String symbol) {
        return kernel.symbols().has(symbol);
    }

    public long addressOr(String symbol, long otherwise) {
        return kernel.symbols().find(symbol).orElse(otherwise);
    }

    public int u8(String symbol) {
        return kernel.memory().u8(kernel.address(symbol));
    }

    /** A C {@code bool}, {@code int} or {@code atomic_t} seen as true or false; false where there is no such variable. */
    public boolean isSet(String symbol, int size) {
        if (!has(symbol)) {
            return false;
        }
        return size == 1 ? u8(symbol) != 0 : s32(symbol) != 0;
    }

    public int s32(String symbol) {
        return (int) kernel.memory().u32(kernel.address(symbol));
    }

    public long u32(String symbol) {
        return kernel.memory().u32(kernel.address(symbol));
    }

    /** A {@code long}, {@code unsigned long}, {@code u64}, {@code atomic_long_t} or a pointer. */
    public long u64(String symbol) {
        return kernel.memory().u64(kernel.address(symbol));
    }

    public long u64(String symbol, long otherwise) {
        return has(symbol) ? u64(symbol) : otherwise;
    }

    /** Element {@code index} of an array of 64-bit scalars or pointers. */
    public long u64At(String symbol, long index) {
        return kernel.memory().u64(kernel.address(symbol) + index * Long.BYTES);
    }

    /** The text of a {@code char} array. */
    public String text(String symbol, int limit) {
        return kernel.memory().string(kernel.address(symbol), limit);
    }

    /** The text behind a {@code char} pointer; empty where it is null. */
    public String textBehind(String symbol, int limit) {
        long pointer = u64(symbol);
        return pointer == 0 ? "" : kernel.memory().string(pointer, limit);
    }

    /** What a pointer variable points to. */
    public KObject pointee(String symbol, String structure) {
        return kernel.at(u64(symbol), structure);
    }

    /** CPU {@code cpu}'s copy of a static per-CPU variable. */
    public KObject perCpu(String symbol, String type, int cpu) {
        return new KObject(kernel, kernel.types().type(type), kernel.perCpu(kernel.address(symbol), cpu));
    }

    public boolean hasConstant(String enumerator) {
        return kernel.types().enumerator(enumerator).isPresent();
    }

    public long constant(String enumerator) {
        return kernel.types().enumerator(enumerator)
                .orElseThrow(() -> new NoSuchFieldInKernel("enumerations", enumerator));
    }

    public long constant(String enumerator, long otherwise) {
        return kernel.types().enumerator(enumerator).orElse(otherwise);
    }

    /** {@code sizeof} of a type. */
    public int sizeOf(String type) {
        CType found = kernel.types().type(type);
        return found.size();
    }

    /** The bytes from a variable to the next symbol, which is its size give or take the padding; at most 64 KiB. */
    public long sizeOfVariable(String symbol) {
        if (!has(symbol)) {
            return 0;
        }
        long address = kernel.address(symbol);
        long size = 0;
        while (size < LARGEST) {
            Symbol owner = kernel.symbols().containing(address + size);
            if (owner == null || owner.address() != address) {
                break;
            }
            size += Long.BYTES;
        }
        return size;
    }
}
