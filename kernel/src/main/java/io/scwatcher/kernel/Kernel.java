package io.scwatcher.kernel;

import io.scwatcher.kernel.memory.VirtualMemory;
import io.scwatcher.kernel.symbol.Symbols;
import io.scwatcher.kernel.type.Types;
import java.util.concurrent.ConcurrentMap;

/**
 * One Linux kernel during one epoch: its types, its symbols, its memory. Safe for several threads. A new epoch is a new
 * {@code Kernel} that shares everything which cannot change while the guest is up.
 */
public interface Kernel {
    Types types();

    Symbols symbols();

    /** The kernel's own address space. */
    VirtualMemory memory();

    /** The address space under a page-table root (an {@code mm_struct}'s {@code pgd}, a kernel virtual address). */
    VirtualMemory addressSpace(long pgd);

    /** Reads guest-physical memory as if it were a flat address space. */
    VirtualMemory physicalMemory();

    /** {@code UTS_RELEASE}, as in {@code 6.1.0-56-cloud-amd64}. */
    String release();

    /** What has been computed once for all epochs of this boot, by the keys of those who computed it. */
    ConcurrentMap<Object, Object> bootFacts();

    /** What was unreadable, cyclic or out of bounds so far. */
    Anomalies anomalies();

    /** A kernel variable by its symbol, seen as the given structure or type. */
    default KObject object(String symbol, String type) {
        return new KObject(this, types().type(type), address(symbol));
    }

    /** A place in kernel memory seen as the given structure. */
    default KObject at(long address, String structure) {
        return new KObject(this, types().struct(structure), address);
    }

    /** The address of a symbol that this kernel must have. */
    default long address(String symbol) {
        return symbols().find(symbol)
                .orElseThrow(() -> new io.scwatcher.kernel.type.NoSuchFieldInKernel("kallsyms", symbol));
    }

    /** CPU {@code cpu}'s copy of a per-CPU variable (static ones by symbol address, dynamic ones by pointer). */
    long perCpu(long variable, int cpu);

    /** {@code cpu_possible_mask} as CPU numbers, ascending. */
    int[] possibleCpus();

    /** {@code cpu_online_mask} as CPU numbers, ascending. */
    int[] onlineCpus();

    /** The address through which the kernel itself maps a guest-physical address ({@code __va}). */
    long directMap(long physical);

    /** The guest-physical address of a {@code struct page} ({@code page_to_phys}). */
    long pageToPhysical(long page);
}
