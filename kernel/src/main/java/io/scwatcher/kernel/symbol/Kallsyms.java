package io.scwatcher.kernel.symbol;

import java.util.Arrays;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The kernel's own symbol table, decoded on demand. */
public final class Kallsyms implements Symbols {
    private final KallsymsNames names;
    private final long[] addresses;
    private final Map<String, OptionalLong> found = new ConcurrentHashMap<>();
    /** Symbol numbers by ascending address, or null where the table itself ascends (as it should). */
    private volatile int[] byAddress;
    private volatile boolean sortednessKnown;

    Kallsyms(KallsymsNames names, long[] addresses) {
        this.names = names;
        this.addresses = addresses;
    }

    public int count() {
        return addresses.length;
    }

    /** Symbol {@code i} of the table, {@code 0 <= i < count()}. */
    public Symbol symbol(int i) {
        return new Symbol(addresses[i], names.type(i), names.name(i));
    }

    @Override
    public OptionalLong find(String name) {
        OptionalLong known = found.get(name);
        if (known == null) {
            int i = names.find(name);
            known = i < 0 ? OptionalLong.empty() : OptionalLong.of(addresses[i]);
            found.put(name, known);
        }
        return known;
    }

    /** The first of several symbols of one address, as the kernel's own lookup answers. */
    @Override
    public Symbol containing(long address) {
        int[] order = order();
        int low = 0;
        int high = addresses.length - 1;
        while (low < high) {
            int middle = low + high + 1 >>> 1;
            if (Long.compareUnsigned(at(order, middle), address) <= 0) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        if (Long.compareUnsigned(at(order, low), address) > 0) {
            return null;
        }
        while (low > 0 && at(order, low - 1) == at(order, low)) {
            low--;
        }
        return symbol(order == null ? low : order[low]);
    }

    @Override
    public Stream<Symbol> all() {
        return IntStream.range(0, count()).mapToObj(this::symbol);
    }

    private long at(int[] order, int position) {
        return addresses[order == null ? position : order[position]];
    }

    private int[] order() {
        if (!sortednessKnown) {
            byAddress = isAscending() ? null : sorted();
            sortednessKnown = true;
        }
        return byAddress;
    }

    private boolean isAscending() {
        for (int i = 1; i < addresses.length; i++) {
            if (Long.compareUnsigned(addresses[i - 1], addresses[i]) > 0) {
                return false;
            }
        }
        return true;
    }

    private int[] sorted() {
        Integer[] order = new Integer[addresses.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Long.compareUnsigned(addresses[a], addresses[b]));
        return Arrays.stream(order).mapToInt(Integer::intValue).toArray();
    }
}
