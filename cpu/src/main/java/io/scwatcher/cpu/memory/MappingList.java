package io.scwatcher.cpu.memory;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** Mappings in the order of their addresses; they never overlap, and neighbours that are more of the same are one. */
final class MappingList extends AbstractList<Mapping> {
    private Mapping[] mappings;
    private int size;

    /** Whether a copy uses the same array, which must not be changed then. */
    private boolean arrayShared;
    private long bytes;

    MappingList() {
        mappings = new Mapping[16];
    }

    private MappingList(MappingList other) {
        other.arrayShared = true;
        arrayShared = true;
        mappings = other.mappings;
        size = other.size;
        bytes = other.bytes;
    }

    MappingList copy() {
        return new MappingList(this);
    }

    @Override
    public Mapping get(int index) {
        return mappings[index];
    }

    @Override
    public int size() {
        return size;
    }

    long bytes() {
        return bytes;
    }

    /** The index of the first mapping that ends above the address; {@link #size} if there is none. */
    int indexAbove(long address) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (mappings[middle].end() > address) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** The mapping that contains the address, or null. */
    Mapping at(long address) {
        int index = indexAbove(address);
        return index < size && mappings[index].start() <= address ? mappings[index] : null;
    }

    /** Whether every byte of the range is mapped. */
    boolean covers(long start, long end) {
        long reached = start;
        for (int i = indexAbove(start); i < size && reached < end && mappings[i].start() <= reached; i++) {
            reached = mappings[i].end();
        }
        return reached >= end;
    }

    /** Adds a mapping to a range that is free. */
    void insert(Mapping mapping) {
        int index = indexAbove(mapping.start());
        replace(index, index, List.of(mapping));
    }

    void remove(long start, long end) {
        change(start, end, mapping -> null);
    }

    /** Changes the parts of mappings that lie in the range, splitting those at its ends; a change to null removes. */
    void change(long start, long end, UnaryOperator<Mapping> change) {
        int first = indexAbove(start);
        int last = first;
        List<Mapping> parts = new ArrayList<>();
        for (; last < size && mappings[last].start() < end; last++) {
            Mapping mapping = mappings[last];
            if (mapping.start() < start) {
                parts.add(mapping.range(mapping.start(), start));
            }
            Mapping changed = change.apply(mapping.range(Math.max(start, mapping.start()), Math.min(end, mapping.end())));
            if (changed != null) {
                parts.add(changed);
            }
            if (mapping.end() > end) {
                parts.add(mapping.range(end, mapping.end()));
            }
        }
        if (last > first) {
            replace(first, last, parts);
        }
    }

    /** Puts parts in the place of [first, last), joining what continues, also with the neighbours. */
    private void replace(int first, int last, List<Mapping> parts) {
        int from = Math.max(0, first - 1);
        int to = Math.min(size, last + 1);
        List<Mapping> joined = new ArrayList<>(parts.size() + 2);
        for (int i = from; i < first; i++) {
            join(joined, mappings[i]);
        }
        for (Mapping part : parts) {
            join(joined, part);
        }
        for (int i = last; i < to; i++) {
            join(joined, mappings[i]);
        }
        for (int i = from; i < to; i++) {
            bytes -= mappings[i].length();
        }
        for (Mapping mapping : joined) {
            bytes += mapping.length();
        }
        int newSize = size - (to - from) + joined.size();
        Mapping[] target = mappings;
        if (arrayShared || newSize > mappings.length) {
            target = Arrays.copyOf(mappings, newSize + newSize / 2 + 8);
            arrayShared = false;
        }
        System.arraycopy(mappings, to, target, from + joined.size(), size - to);
        for (int i = 0; i < joined.size(); i++) {
            target[from + i] = joined.get(i);
        }
        for (int i = newSize; i < Math.min(size, target.length); i++) {
            target[i] = null;
        }
        mappings = target;
        size = newSize;
    }

    private static void join(List<Mapping> list, Mapping mapping) {
        int last = list.size() - 1;
        if (last >= 0 && list.get(last).continuesIn(mapping)) {
            Mapping before = list.get(last);
            list.set(last, before.range(before.start(), mapping.end()));
        } else {
            list.add(mapping);
        }
    }

    /**
     * The highest free range of that length in [low, high), page aligned.
     *
     * @param guard bytes that must stay free below a stack
     * @return -1 if there is none
     */
    long findFree(long length, long low, long high, long guard) {
        long top = high;
        for (int i = indexAbove(high - 1); i >= 0; i--) {
            if (i < size) {
                Mapping above = mappings[i];
                top = Math.min(top, above.growsDown() ? above.start() - guard : above.start());
            }
            long bottom = Math.max(low, i == 0 ? low : mappings[i - 1].end());
            if (top - bottom >= length) {
                return top - length;
            }
            if (top <= low) {
                return -1;
            }
        }
        return -1;
    }
}
