package io.scwatcher.kernel.mm;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.collection.XArray;
import io.scwatcher.kernel.symbol.Symbol;

/** What of an area is in RAM, and how: the counters of smaps, in bytes (fs/proc/task_mmu.c {@code smaps_account}). */
public final class MappedPages {
    /** {@code PSS_SHIFT}: shares are counted with this many binary places. */
    public static final int SHARE_SHIFT = 12;
    private static final long PAGE = PageTable.PAGE_SIZE;

    public long resident;
    public long share;
    public long dirtyShare;
    public long anonymousShare;
    public long fileShare;
    public long sharedMemoryShare;
    public long lockedShare;
    public long sharedClean;
    public long sharedDirty;
    public long privateClean;
    public long privateDirty;
    public long referenced;
    public long anonymous;
    public long merged;
    public long lazilyFreed;
    public long anonymousHuge;
    public long sharedMemoryHuge;
    public long fileHuge;
    public long sharedHugetlb;
    public long privateHugetlb;
    public long swapped;
    public long swappedShare;

    private final Kernel kernel;
    private final PageTable table;
    private final PageFrames frames;
    private final long swapAreas;
    private boolean locked;

    /** @param table of the process; one for all its areas, since it bounds how much is walked */
    public MappedPages(Kernel kernel, PageTable table) {
        this.kernel = kernel;
        this.table = table;
        frames = new PageFrames(kernel);
        swapAreas = kernel.symbols().has("nr_swapfiles") ? kernel.memory().u32(kernel.address("nr_swapfiles")) : 0;
    }

    /** {@code smap_gather_stats}. */
    public void add(Vma area) {
        locked = area.has(Vma.VM_LOCKED);
        boolean hugetlb = area.has(Vma.VM_HUGETLB);
        table.walk(area.start(), area.end(), entry -> {
            if (hugetlb) {
                addHugetlb(entry);
            } else {
                add(entry);
            }
        });
        swapped += swappedSharedMemory(area);
    }

    private void add(PageTable.Entry entry) {
        if (!entry.isPresent()) {
            addSwapped(entry);
            return;
        }
        if (entry.isSpecial()) {
            return;
        }
        PageFrames.Frame frame = frames.at(entry.physical());
        boolean huge = entry.size() > PAGE;
        if (huge) {
            if (frame.isAnonymous()) {
                anonymousHuge += entry.size();
            } else if (frame.has("PG_swapbacked")) {
                sharedMemoryHuge += entry.size();
            } else {
                fileHuge += entry.size();
            }
        }
        account(entry, frame);
    }

    private void account(PageTable.Entry entry, PageFrames.Frame frame) {
        long size = entry.size();
        boolean dirty = entry.isDirty() || frame.has("PG_dirty");
        if (frame.isAnonymous()) {
            anonymous += size;
            if (!frame.has("PG_swapbacked") && !dirty) {
                lazilyFreed += size;
            }
        }
        merged += frame.isKsm() ? size : 0;
        resident += size;
        if (entry.isYoung() || frame.has("PG_young") || frame.has("PG_referenced")) {
            referenced += size;
        }
        if (frame.references() == 1) {
            accumulate(frame, size, size << SHARE_SHIFT, dirty, true);
            return;
        }
        for (long offset = 0; offset < size; offset += PAGE) {
            int mappings = offset == 0 ? frame.mappings() : frames.at(entry.physical() + offset).mappings();
            long pageShare = PAGE << SHARE_SHIFT;
            accumulate(frame, PAGE, mappings >= 2 ? pageShare / mappings : pageShare, dirty, mappings < 2);
        }
    }

    private void accumulate(PageFrames.Frame frame, long size, long part, boolean dirty, boolean own) {
        share += part;
        if (frame.isAnonymous()) {
            anonymousShare += part;
        } else if (frame.has("PG_swapbacked")) {
            sharedMemoryShare += part;
        } else {
            fileShare += part;
        }
        lockedShare += locked ? part : 0;
        dirtyShare += dirty ? part : 0;
        privateDirty += dirty && own ? size : 0;
        sharedDirty += dirty && !own ? size : 0;
        privateClean += !dirty && own ? size : 0;
        sharedClean += !dirty && !own ? size : 0;
    }

    private void addSwapped(PageTable.Entry entry) {
        if (entry.swapType() >= swapAreas) {
            return;
        }
        swapped += PAGE;
        int users = swapUsers(entry);
        swappedShare += (PAGE << SHARE_SHIFT) / Math.max(1, users);
    }

    /** {@code swp_swapcount}; counts beyond what one byte holds are not followed. */
    private int swapUsers(PageTable.Entry entry) {
        long pointer = kernel.memory().u64(kernel.address("swap_info") + (long) entry.swapType() * Long.BYTES);
        KObject area = kernel.at(pointer, "swap_info_struct");
        if (!area.has("swap_map") || Long.compareUnsigned(entry.swapOffset(), area.get("max") & 0xffff_ffffL) >= 0) {
            return 1;
        }
        return kernel.memory().u8(area.get("swap_map") + entry.swapOffset()) & 0x3f;
    }

    /** {@code smaps_hugetlb_range}. */
    private void addHugetlb(PageTable.Entry entry) {
        if (!entry.isPresent()) {
            return;
        }
        if (frames.at(entry.physical()).mappings() >= 2) {
            sharedHugetlb += entry.size();
        } else {
            privateHugetlb += entry.size();
        }
    }

    /** {@code shmem_swap_usage}: pages of a shared-memory file that are in swap, where the area shows the file's own. */
    private long swappedSharedMemory(Vma area) {
        KObject file = area.file();
        if (file.isNull() || !isSharedMemory(file.ptr("f_mapping"))) {
            return 0;
        }
        KObject mapping = file.ptr("f_mapping");
        long total = mapping.ptr("host").containerOf("shmem_inode_info", "vfs_inode").get("swapped");
        if (total == 0) {
            return 0;
        }
        long first = area.pageOffset();
        long last = first + (area.end() - area.start()) / PAGE;
        long count = 0;
        for (XArray.Entry each : XArray.entries(mapping.at("i_pages"))) {
            count += (each.value() & 1) != 0 && each.index() >= first && each.index() < last ? 1 : 0;
        }
        return count * PAGE;
    }

    /** {@code shmem_mapping}: whether an {@code address_space} is that of a tmpfs file or of anonymous shared memory. */
    public static boolean isSharedMemory(KObject mapping) {
        Symbol operations = mapping.kernel().symbols().containing(mapping.get("a_ops"));
        return operations != null && operations.name().equals("shmem_aops");
    }
}
