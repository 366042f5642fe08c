package io.scwatcher.kernel.discovery;

import io.scwatcher.kernel.arch.Architecture.KernelVariables;
import io.scwatcher.kernel.memory.KernelImage;
import io.scwatcher.kernel.symbol.Symbols;
import java.util.OptionalLong;

/** Variables of the image, read by its linear mapping. */
record ImageVariables(KernelImage image, Symbols symbols) implements KernelVariables {
    @Override
    public long address(String symbol, long otherwise) {
        return symbols.find(symbol).orElse(otherwise);
    }

    @Override
    public long u64(String symbol, long otherwise) {
        OptionalLong at = symbols.find(symbol);
        long value = at.isEmpty() ? 0 : image.u64(at.getAsLong(), 0);
        return value == 0 ? otherwise : value;
    }
}
