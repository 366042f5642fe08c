package io.scwatcher.kernel.mm;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.collection.XArray;
import io.scwatcher.kernel.memory.VirtualMemory;
import java.util.List;

/**
 * A process's memory as a debugger reads it. What no page table maps yet but a file's pages in RAM hold (a program's code
 * that did not run so far) is read from the file's page cache, as the process itself would find it.
 */
public final class ProcessMemory {
    private static final int PAGE_SIZE = (int) PageTable.PAGE_SIZE;

    private final Kernel kernel;
    private final VirtualMemory memory;
    private final List<Vma> areas;
    private final PageFrames frames;

    public ProcessMemory(Mm mm) {
        kernel = mm.kernel();
        memory = mm.memory();
        areas = mm.areas();
        frames = new PageFrames(kernel);
    }

    /** Reads up to the first page that is nowhere in RAM. @return the bytes read */
    public int read(long address, byte[] destination, int offset, int length) {
        int done = 0;
        while (done < length) {
            int got = memory.readSome(address + done, destination, offset + done, length - done);
            done += got;
            if (done < length) {
                int cached = readCached(address + done, destination, offset + done, length - done);
                if (cached == 0) {
                    break;
                }
                done += cached;
            }
        }
        return done;
    }

    /** At most to the end of the page. */
    private int readCached(long address, byte[] destination, int offset, int length) {
        Vma area = area(address);
        if (area == null || area.file().isNull() || area.has(Vma.VM_HUGETLB)) {
            return 0;
        }
        KObject pages = area.file().ptr("f_mapping").at("i_pages");
        long index = area.pageOffset() + (address - area.start() >>> PageTable.PAGE_SHIFT);
        long entry = XArray.load(pages, index);
        if (entry == 0 || (entry & 1) != 0) {
            return 0;
        }
        int inPage = (int) (address & PAGE_SIZE - 1);
        int count = Math.min(length, PAGE_SIZE - inPage);
        long physical = kernel.pageToPhysical(frames.member(entry, index));
        return kernel.physicalMemory().readSome(physical + inPage, destination, offset, count);
    }

    private Vma area(long address) {
        for (Vma area : areas) {
            if (Long.compareUnsigned(address, area.start()) >= 0 && Long.compareUnsigned(address, area.end()) < 0) {
                return area;
            }
        }
        return null;
    }
}
