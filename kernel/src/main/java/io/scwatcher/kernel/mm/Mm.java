package io.scwatcher.kernel.mm;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.collection.MapleTree;
import io.scwatcher.kernel.memory.MemoryFault;
import io.scwatcher.kernel.memory.VirtualMemory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A user address space.
 *
 * @param object the {@code struct mm_struct}
 */
public record Mm(KObject object) {
    /** {@code sysctl_max_map_count} is rarely raised above this. */
    private static final int MOST_AREAS = 1 << 22;

    public Kernel kernel() {
        return object.kernel();
    }

    public long get(String path) {
        return object.get(path);
    }

    /** What the process sees, through its own page tables. */
    public VirtualMemory memory() {
        return kernel().addressSpace(object.get("pgd"));
    }

    /** The mapped areas by ascending address. */
    public List<Vma> areas() {
        return object.has("mm_mt") ? fromMapleTree() : fromList();
    }

    /** {@code MMF_*} bits: one word until 6.18, then a bitmap. */
    public long flags() {
        return object.has("flags.__mm_flags") ? object.get("flags.__mm_flags[0]") : object.get("flags");
    }

    /** {@code get_dumpable}: 0 not, 1 by its user, 2 by root. */
    public int dumpable() {
        return (int) (flags() & 3);
    }

    /** {@code struct file} of the executable; address 0 if none. */
    public KObject executable() {
        return object.ptr("exe_file");
    }

    private List<Vma> fromMapleTree() {
        List<Vma> areas = new ArrayList<>();
        for (MapleTree.Entry entry : MapleTree.entries(object.at("mm_mt"))) {
            // 6.12 marks with a zero entry where a failed fork stopped.
            if ((entry.value() & 3) == 0) {
                areas.add(new Vma(kernel().at(entry.value(), "vm_area_struct")));
            }
        }
        return areas;
    }

    private List<Vma> fromList() {
        List<Vma> areas = new ArrayList<>();
        Set<Long> seen = new HashSet<>();
        try {
            for (KObject area = object.ptr("mmap"); !area.isNull(); area = area.ptr("vm_next")) {
                if (!seen.add(area.address()) || areas.size() >= MOST_AREAS) {
                    kernel().anomalies().record("the areas of mm %#x run in a circle".formatted(object.address()));
                    break;
                }
                areas.add(new Vma(area));
            }
        } catch (MemoryFault broken) {
            kernel().anomalies().record("the areas of mm %#x: %s".formatted(object.address(), broken.getMessage()));
        }
        return areas;
    }
}
