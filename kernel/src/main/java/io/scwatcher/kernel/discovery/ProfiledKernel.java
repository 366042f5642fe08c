package io.scwatcher.kernel.discovery;

import io.scwatcher.kernel.Anomalies;
import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.arch.Architecture.KernelVariables;
import io.scwatcher.kernel.arch.KernelMapping;
import io.scwatcher.kernel.memory.MemoryFault;
import io.scwatcher.kernel.memory.PhysicalMemory;
import io.scwatcher.kernel.memory.VirtualMemory;
import io.scwatcher.kernel.symbol.Symbols;
import io.scwatcher.kernel.type.Types;
import io.scwatcher.memory.GuestMemory;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentMap;

/** One epoch of a profiled kernel. */
final class ProfiledKernel implements Kernel {
    /** The largest {@code CONFIG_NR_CPUS}. */
    private static final int MAX_CPUS = 8192;

    private final KernelProfile profile;
    private final KernelMapping mapping;
    private final PhysicalMemory physical;
    private final VirtualMemory memory;
    private final VirtualMemory flat;
    private final Types types;
    private final Anomalies anomalies = new Anomalies();
    private final long directMap;
    private final long memmap;
    private final OptionalLong perCpuOffsets;
    private volatile int[] possible;
    private volatile int[] online;

    ProfiledKernel(KernelProfile profile, GuestMemory guest) {
        this.profile = profile;
        this.mapping = profile.mapping();
        this.physical = new PhysicalMemory(guest);
        this.memory = physical.kernelSpace(mapping.tables(), mapping.root());
        this.flat = physical.flat();
        this.types = new EpochTypes(profile.types(), this::moduleTypes);
        this.directMap = mapping.architecture().directMapBase(mapping, new Variables());
        this.memmap = mapping.architecture().memmapBase(mapping, new Variables());
        this.perCpuOffsets = profile.symbols().find("__per_cpu_offset");
    }

    @Override
    public Types types() {
        return types;
    }

    @Override
    public Symbols symbols() {
        return profile.symbols();
    }

    @Override
    public VirtualMemory memory() {
        return memory;
    }

    @Override
    public VirtualMemory addressSpace(long pgd) {
        long root = memory.physical(pgd);
        if (root < 0) {
            throw new MemoryFault(pgd);
        }
        return physical.addressSpace(mapping.tables(), root);
    }

    @Override
    public VirtualMemory physicalMemory() {
        return flat;
    }

    @Override
    public String release() {
        return profile.release();
    }

    @Override
    public ConcurrentMap<Object, Object> bootFacts() {
        return profile.bootFacts();
    }

    @Override
    public Anomalies anomalies() {
        return anomalies;
    }

    /** Kernels for one processor have no offsets: there the variable itself is the copy. */
    @Override
    public long perCpu(long variable, int cpu) {
        return perCpuOffsets.isEmpty() ? variable : variable + memory.u64(perCpuOffsets.getAsLong() + 8L * cpu);
    }

    @Override
    public int[] possibleCpus() {
        int[] known = possible;
        if (known == null) {
            known = cpus("__cpu_possible_mask");
            possible = known;
        }
        return known.clone();
    }

    @Override
    public int[] onlineCpus() {
        int[] known = online;
        if (known == null) {
            known = cpus("__cpu_online_mask");
            online = known;
        }
        return known.clone();
    }

    @Override
    public long directMap(long physicalAddress) {
        return directMap + physicalAddress;
    }

    @Override
    public long pageToPhysical(long page) {
        return (page - memmap) / types().struct("page").size() << 12;
    }

    List<ModuleTypes.Module> moduleTypes() {
        return profile.moduleTypes().load(this, physical);
    }

    private int[] cpus(String symbol) {
        OptionalLong mask = symbols().find(symbol);
        if (mask.isEmpty()) {
            return new int[] {0};
        }
        KObject bits = at(mask.getAsLong(), "cpumask").at("bits");
        int limit = Math.min(MAX_CPUS, bits.type().size() * Byte.SIZE);
        int[] found = new int[limit];
        int count = 0;
        for (int cpu = 0; cpu < limit; cpu++) {
            if ((memory.u64(bits.address() + (cpu >>> 6) * 8L) >>> cpu & 1) != 0) {
                found[count++] = cpu;
            }
        }
        return Arrays.copyOf(found, count);
    }

    private final class Variables implements KernelVariables {
        @Override
        public long address(String symbol, long otherwise) {
            return symbols().find(symbol).orElse(otherwise);
        }

        @Override
        public long u64(String symbol, long otherwise) {
            OptionalLong at = symbols().find(symbol);
            long value = at.isEmpty() ? 0 : memory.u64(at.getAsLong());
            return value == 0 ? otherwise : value;
        }
    }
}
