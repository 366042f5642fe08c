package io.scwatcher.cpu.compile;

import io.scwatcher.cpu.decode.Decoder;
import io.scwatcher.cpu.decode.Instruction;
import io.scwatcher.cpu.interpret.Block;
import io.scwatcher.cpu.interpret.CodePage;
import io.scwatcher.cpu.memory.AddressSpace;
import io.scwatcher.cpu.memory.Frame;
import io.scwatcher.cpu.memory.PageTableEntry;
import java.util.HashMap;
import java.util.Map;

/**
 * The pages of code around a hot block, as one address space had them when it got hot: frames, and the blocks that were met in them. Offsets count from the
 * hot block's page; pages before it are negative.
 */
final class CodeImage {
    /** How many pages to either side a region may reach. */
    private static final int REACH = 256;

    private record Page(Frame frame, CodePage code) {
    }

    private final Map<Integer, Page> pages;

    /** The same again, since {@link #isAt} is asked whenever a processor meets a region's entry for the first time: at each exec, thousands of times. */
    private final int[] numbers;
    private final Page[] inOrder;

    private CodeImage(Map<Integer, Page> pages) {
        this.pages = pages;
        numbers = pages.keySet().stream().mapToInt(Integer::intValue).toArray();
        inOrder = pages.values().toArray(Page[]::new);
    }

    /** What is resident and has been executed around the page that begins at {@code base}, in one mapping. */
    static CodeImage around(AddressSpace memory, long base) {
        Map<Integer, Page> found = new HashMap<>();
        var mapping = memory.mappingAt(base);
        if (mapping == null) {
            return new CodeImage(found);
        }
        long from = Math.max(mapping.start(), base - (long) REACH * Frame.SIZE);
        long to = Math.min(mapping.end(), base + (REACH + 1L) * Frame.SIZE);
        for (long at = from; at < to; at += Frame.SIZE) {
            PageTableEntry entry = memory.isResident(at) ? memory.executable(at) : null;
            if (entry != null && entry.frame().code() instanceof CodePage code) {
                found.put((int) (at - base) / Frame.SIZE, new Page(entry.frame(), code));
            }
        }
        return new CodeImage(found);
    }

    /** The block that was executed at this offset, or null. */
    Block block(int offset) {
        Page page = pages.get(offset >> 12);
        return page == null ? null : page.code.at(offset & Frame.SIZE - 1);
    }

    /** Where the indirect branch at this offset was seen to go. */
    int[] indirectTargets(int offset) {
        int[] targets = pages.get(offset >> 12).code.targets(offset & Frame.SIZE - 1).distances().clone();
        for (int i = 0; i < targets.length; i++) {
            targets[i] += offset & -Frame.SIZE;
        }
        return targets;
    }

    /** Decodes the instruction at an offset; null if its pages aren't there. */
    Instruction instruction(int offset) {
        Page page = pages.get(offset >> 12);
        if (page == null) {
            return null;
        }
        int at = offset & Frame.SIZE - 1;
        Instruction in = Decoder.decode(page.frame.bytes, at, Frame.SIZE);
        if (in != null) {
            return in;
        }
        Page next = pages.get((offset >> 12) + 1);
        if (next == null) {
            return null;
        }
        byte[] window = new byte[2 * Decoder.MAX_LENGTH];
        int inFirst = Frame.SIZE - at;
        System.arraycopy(page.frame.bytes, at, window, 0, inFirst);
        System.arraycopy(next.frame.bytes, 0, window, inFirst, Decoder.MAX_LENGTH);
        return Decoder.decode(window, 0, window.length);
    }

    /** Keeps only the pages of [from, to), which a region was made from. */
    CodeImage restrictedTo(Iterable<Region.Node> nodes) {
        Map<Integer, Page> restricted = new HashMap<>();
        for (Region.Node node : nodes) {
            for (int page = node.start >> 12; page <= node.end() - 1 >> 12; page++) {
                restricted.put(page, pages.get(page));
            }
        }
        return new CodeImage(restricted);
    }

    /** Whether no page has been written to since. */
    boolean isCurrent() {
        for (Page page : inOrder) {
            if (page.frame.code() != page.code) {
                return false;
            }
        }
        return true;
    }

    /** Whether an address space has the same code at this base. */
    boolean isAt(AddressSpace memory, long base) {
        for (int i = 0; i < numbers.length; i++) {
            PageTableEntry entry = memory.executable(base + (long) numbers[i] * Frame.SIZE);
            Page page = inOrder[i];
            if (entry == null || entry.frame() != page.frame || page.frame.code() != page.code) {
                return false;
            }
        }
        return true;
    }
}
