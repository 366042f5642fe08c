package io.scwatcher.benchmarks;

import io.scwatcher.memory.GuestMemory;
import io.scwatcher.memory.PhysicalRange;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The text of the first VMCOREINFO note in a freshly booted guest's memory: drgn asks for it. */
final class VmcoreInfoText {
    private static final int PAGE = 4096;
    private static final int NAME_OFFSET = 12;
    private static final int TEXT_OFFSET = 24;
    private static final byte[] NAME = "VMCOREINFO\0".getBytes(StandardCharsets.US_ASCII);

    private VmcoreInfoText() {}

    static byte[] find(GuestMemory memory) {
        byte[] page = new byte[PAGE];
        for (PhysicalRange ram : memory.ram()) {
            for (PhysicalRange range : memory.populated(ram)) {
                for (long address = range.start(); address < range.end(); address += PAGE) {
                    if (memory.read(address, page, 0, PAGE)
                            && Arrays.equals(page, NAME_OFFSET, NAME_OFFSET + NAME.length, NAME, 0, NAME.length)) {
                        int end = TEXT_OFFSET;
                        while (end < PAGE && page[end] != 0) {
                            end++;
                        }
                        return Arrays.copyOfRange(page, TEXT_OFFSET, end);
                    }
                }
            }
        }
        throw new IllegalStateException("the guest has no VMCOREINFO");
    }
}
