package io.scwatcher.fidelity.fuzz;

import io.scwatcher.kernel.Anomalies;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.memory.VirtualMemory;
import io.scwatcher.kernel.symbol.Symbols;
import io.scwatcher.kernel.type.Types;
import java.util.concurrent.ConcurrentMap;

/**
 * Counts accesses to the guest's memory, and stops who makes too many: a walk without a bound shows on any machine,
 * however fast, and no clock is asked.
 */
final class Work {
    private long done;
    private long limit = Long.MAX_VALUE;

    /** More accesses than allowed. */
    static final class Exceeded extends Error {
        private static final long serialVersionUID = 1;

        Exceeded(long limit) {
            super("more than " + limit + " accesses to the guest's memory");
        }
    }

    /** Begins to count anew. */
    void start(long newLimit) {
        done = 0;
        limit = newLimit;
    }

    long done() {
        return done;
    }

    private void one() {
        if (++done > limit) {
            throw new Exceeded(limit);
        }
    }

    /** The same kernel, counting. */
    Kernel count(Kernel kernel) {
        return new CountedKernel(kernel, new CountedMemory(kernel.memory()));
    }

    private final class CountedKernel implements Kernel {
        private final Kernel kernel;
        private final VirtualMemory memory;

        CountedKernel(Kernel kernel, VirtualMemory memory) {
            this.kernel = kernel;
            this.memory = memory;
        }

        @Override
        public Types types() {
            return kernel.types();
        }

        @Override
        public Symbols symbols() {
            return kernel.symbols();
        }

        @Override
        public VirtualMemory memory() {
            return memory;
        }

        @Override
        public VirtualMemory addressSpace(long pgd) {
            one();
            return new CountedMemory(kernel.addressSpace(pgd));
        }

        @Override
        public VirtualMemory physicalMemory() {
            return new CountedMemory(kernel.physicalMemory());
        }

        @Override
        public String release() {
            return kernel.release();
        }

        @Override
        public ConcurrentMap<Object, Object> bootFacts() {
            return kernel.bootFacts();
        }

        @Override
        public Anomalies anomalies() {
            return kernel.anomalies();
        }

        @Override
        public long perCpu(long variable, int cpu) {
            one();
            return kernel.perCpu(variable, cpu);
        }

        @Override
        public int[] possibleCpus() {
            return kernel.possibleCpus();
        }

        @Override
        public int[] onlineCpus() {
            return kernel.onlineCpus();
        }

        @Override
        public long directMap(long physical) {
            return kernel.directMap(physical);
        }

        @Override
        public long pageToPhysical(long page) {
            return kernel.pageToPhysical(page);
        }
    }

    private final class CountedMemory implements VirtualMemory {
        private final VirtualMemory memory;

        CountedMemory(VirtualMemory memory) {
            this.memory = memory;
        }

        @Override
        public int u8(long address) {
            one();
            return memory.u8(address);
        }

        @Override
        public int u16(long address) {
            one();
            return memory.u16(address);
        }

        @Override
        public long u32(long address) {
            one();
            return memory.u32(address);
        }

        @Override
        public long u64(long address) {
            one();
            return memory.u64(address);
        }

        @Override
        public void read(long address, byte[] destination, int offset, int length) {
            one();
            memory.read(address, destination, offset, length);
        }

        @Override
        public int readSome(long address, byte[] destination, int offset, int length) {
            one();
            return memory.readSome(address, destination, offset, length);
        }

        @Override
        public String string(long address, int limit) {
            one();
            return memory.string(address, limit);
        }

        @Override
        public boolean isMapped(long address) {
            one();
            return memory.isMapped(address);
        }

        @Override
        public long physical(long address) {
            one();
            return memory.physical(address);
        }

        @Override
        public void prefetch(long[] addresses, int count) {
            memory.prefetch(addresses, count);
        }
    }
}
