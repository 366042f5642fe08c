package io.scwatcher.cpu.compile;

import io.scwatcher.cpu.decode.Decoder;
import io.scwatcher.cpu.decode.Instruction;
import io.scwatcher.cpu.interpret.Block;
import io.scwatcher.cpu.interpret.CodePage;
import io.scwatcher.cpu.memory.AddressSpace;
import io.scwatcher.cpu.memory.Frame;
import io.scwatcher.cpu.memory.PageTableEntry;
import java.util.Map;
import java.util.TreeMap;

/**
 * The pages of code around a hot block, as one address space had them when it got hot: frames, and the blocks that were met in them. Offsets count from the
 * hot block's page; pages before it are negative.
 */
final class CodeImage {
    /** How many pages to either side a region may reach. */
    private static final int REACH = 256;

    private record Page(Frame frame, CodePage code) {
    }

    private final TreeMap<Integer, Page> pages = new TreeMap<>();

    private CodeImage() {
    }

    /** What is resident and has been executed around the page that begins at {@code base}, in one mapping. */
    static CodeImage around(AddressSpace memory, long base) {
        CodeImage image = new CodeImage();
        var mapping = memory.mappingAt(base);
        if (mapping == null) {
            return image;
        }
        long from = Math.max(mapping.start(), base - (long) REACH * Frame.SIZE);
        long to = Math.min(mapping.end(), base + (REACH + 1L) * Frame.SIZE);
        for (long at = from; at < to; at += Frame.SIZE) {
            PageTableEntry entry = memory.isResident(at) ? memory.executable(at) : null;
            if (entry != null && entry.frame().code() instanceof CodePage code) {
                image.pages.put((int) (at - base) / Frame.SIZE, new Page(entry.frame(), code));
            }
        }
        return image;
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
        CodeImage restricted = new CodeImage();
        for (Region.Node node : nodes) {
            for (int page = node.start >> 12; page <= node.end() - 1 >> 12; page++) {
                restricted.pages.put(page, pages.get(page));
            }
        }
        return restricted;
    }

    /** Whether no page has been written to since. */
    boolean isCurrent() {
        return pages.values().stream().allMatch(page -> page.frame.code() == page.code);
    }

    /** Whether an address space has the same code at this base. */
    boolean isAt(AddressSpace memory, long base) {
        for (Map.Entry<Integer, Page> page : pages.entrySet()) {
            PageTableEntry entry = memory.executable(base + (long) page.getKey() * Frame.SIZE);
            if (entry == null || entry.frame() != page.getValue().frame || entry.frame().code() != page.getValue().code) {
                return false;
            }
        }
        return true;
    }
}
