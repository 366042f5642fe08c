package io.scwatcher.vprocfs.pid;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.symbol.Symbol;
import io.scwatcher.kernel.task.KernelTraits;
import io.scwatcher.vprocfs.ProcText;

/** What fdinfo tells of BPF programs and maps: kernel/bpf/syscall.c. */
final class BpfFds {
    private static final int PAGE_SHIFT = 12;
    private static final int TAG_SIZE = 8;
    private static final int BPF_F_MMAPABLE = 1 << 10;

    private BpfFds() {}

    /** {@code bpf_prog_show_fdinfo}. */
    static void program(KObject program, ProcText out) {
        Kernel kernel = program.kernel();
        KObject aux = program.ptr("aux");
        long pages = program.get("pages") << PAGE_SHIFT;
        out.put("prog_type:\t").unsigned(program.get("type")).put("\nprog_jited:\t").unsigned(program.get("jited"));
        out.put("\nprog_tag:\t");
        for (int i = 0; i < TAG_SIZE; i++) {
            out.hex(program.at("tag").index(i).value() & 0xff, 2);
        }
        out.put("\nmemlock:\t").unsigned(pages).put("\nprog_id:\t").unsigned(aux.get("id") & 0xffff_ffffL);
        long[] totals = totals(kernel, program, aux);
        out.put("\nrun_time_ns:\t").unsigned(totals[0]).put("\nrun_cnt:\t").unsigned(totals[1]).put('\n');
        if (KernelTraits.hasText(kernel, "recursion_misses:\t", "bpf_prog_show_fdinfo")) {
            out.put("recursion_misses:\t").unsigned(totals[2]).put('\n');
        }
        if (aux.has("verified_insns")) {
            out.put("verified_insns:\t").unsigned(aux.get("verified_insns") & 0xffff_ffffL).put('\n');
        }
    }

    /** {@code bpf_prog_get_stats}: run time, runs, misses over all CPUs. */
    private static long[] totals(Kernel kernel, KObject program, KObject aux) {
        long[] totals = new long[3];
        // 5.12 moved the counters out of what the program shares with its instructions.
        long statistics = program.has("stats") ? program.get("stats") : aux.getOr("stats", 0);
        if (statistics == 0) {
            return totals;
        }
        for (int cpu : kernel.possibleCpus()) {
            KObject each = kernel.at(kernel.perCpu(statistics, cpu), "bpf_prog_stats");
            totals[0] += counter(each, "nsecs");
            totals[1] += counter(each, "cnt");
            totals[2] += each.has("misses") ? counter(each, "misses") : 0;
        }
        return totals;
    }

    private static long counter(KObject statistics, String name) {
        return statistics.memory().u64(statistics.at(name).address());
    }

    /** {@code bpf_map_show_fdinfo}. What a map occupies is told since 6.4 by each kind of map itself. */
    static void map(KObject map, ProcText out) {
        out.put("map_type:\t").unsigned(map.get("map_type")).put("\nkey_size:\t").unsigned(map.get("key_size"));
        out.put("\nvalue_size:\t").unsigned(map.get("value_size"));
        out.put("\nmax_entries:\t").unsigned(map.get("max_entries"));
        long flags = map.get("map_flags") & 0xffff_ffffL;
        out.put("\nmap_flags:\t0x").hex(flags).put('\n');
        if (map.has("map_extra")) {
            out.put("map_extra:\t0x").hex(map.get("map_extra")).put('\n');
        }
        out.put("memlock:\t").unsigned(map.has("memory.pages") ? map.get("memory.pages") << PAGE_SHIFT : usage(map));
        out.put("\nmap_id:\t").unsigned(map.get("id") & 0xffff_ffffL);
        out.put("\nfrozen:\t").unsigned(map.get("frozen")).put('\n');
    }

    /** {@code bpf_map_memory_usage}: since 6.4 each kind of map tells its own; that of arrays is known here. */
    private static long usage(KObject map) {
        KObject operations = map.ptr("ops");
        if (!operations.has("map_mem_usage")) {
            return estimate(map);
        }
        Symbol teller = map.kernel().symbols().containing(operations.get("map_mem_usage"));
        if (teller == null || !teller.name().equals("array_map_mem_usage")) {
            map.kernel().anomalies().record("what a BPF map occupies is not known for " + teller);
            return estimate(map);
        }
        KObject array = map.containerOf("bpf_array", "map");
        long entries = map.get("max_entries");
        long elements = entries * (array.get("elem_size") & 0xffff_ffffL);
        long own = array.type().size();
        var perCpu = map.kernel().types().enumerator("BPF_MAP_TYPE_PERCPU_ARRAY");
        if (perCpu.isPresent() && map.get("map_type") == perCpu.getAsLong()) {
            return own + entries * Long.BYTES + elements * map.kernel().possibleCpus().length;
        }
        boolean mappable = (map.get("map_flags") & BPF_F_MMAPABLE) != 0;
        return mappable ? pageAlign(own) + pageAlign(elements) : own + elements;
    }

    private static long pageAlign(long bytes) {
        return bytes + (1L << PAGE_SHIFT) - 1 & -(1L << PAGE_SHIFT);
    }

    /** The kernel's own estimate of 5.11 to 6.3, {@code bpf_map_memory_footprint}. */
    private static long estimate(KObject map) {
        long size = map.get("key_size") + map.get("value_size") + 7 & ~7L;
        return pageAlign(map.get("max_entries") * size);
    }
}
