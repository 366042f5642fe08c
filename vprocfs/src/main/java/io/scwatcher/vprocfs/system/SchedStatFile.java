package io.scwatcher.vprocfs.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.system.CpuMasks;
import io.scwatcher.kernel.system.Variables;
import io.scwatcher.kernel.type.CType;
import io.scwatcher.vprocfs.ProcText;
import io.scwatcher.vprocfs.SystemFile;
import java.util.List;

/**
 * /proc/schedstat (kernel/sched/stats.c, {@code show_schedstat}). The version is a macro; the fields tell it: 17 (6.13)
 * splits the imbalance by kind and names the domains, 16 (6.10) puts the busy kind before the idle one.
 */
final class SchedStatFile implements SystemFile {
    private static final List<String> BALANCING = List.of("lb_count", "lb_balanced", "lb_failed", "lb_imbalance",
            "lb_imbalance_load", "lb_imbalance_util", "lb_imbalance_task", "lb_imbalance_misfit", "lb_gained",
            "lb_hot_gained", "lb_nobusyq", "lb_nobusyg");
    private static final List<String> REST = List.of("alb_count", "alb_failed", "alb_pushed", "sbe_count",
            "sbe_balanced", "sbe_pushed", "sbf_count", "sbf_balanced", "sbf_pushed", "ttwu_wake_remote",
            "ttwu_move_affine", "ttwu_move_balance");
    private static final int DEEPEST = 64;

    @Override
    public void print(Kernel kernel, ProcText out) {
        Variables variables = new Variables(kernel);
        boolean splits = kernel.types().struct("sched_domain").has("lb_imbalance_load");
        int version = splits ? 17 : variables.constant("CPU_IDLE", 0) == 0 ? 15 : 16;
        out.put("version ").dec(version).put("\ntimestamp ").unsigned(variables.u64("jiffies_64")).put('\n');
        for (int cpu : kernel.onlineCpus()) {
            KObject queue = variables.perCpu("runqueues", "rq", cpu);
            out.put("cpu").dec(cpu).put(' ').unsigned(queue.get("yld_count")).put(" 0");
            for (String counter : List.of("sched_count", "sched_goidle", "ttwu_count", "ttwu_local", "rq_cpu_time",
                    "rq_sched_info.run_delay", "rq_sched_info.pcount")) {
                out.put(' ').unsigned(queue.get(counter));
            }
            out.put('\n');
            KObject domain = queue.has("sd") ? queue.ptr("sd") : kernel.at(0, "sched_domain");
            for (int number = 0; !domain.isNull() && number < DEEPEST; number++) {
                printDomain(domain, number, splits, out);
                domain = domain.ptr("parent");
            }
        }
    }

    /** {@code sched_domain_span}: a flexible array; since 7.1 explicitly behind the structure. */
    private static long span(KObject domain) {
        return domain.address() + (domain.has("span") ? domain.at("span").address() - domain.address()
                : domain.type().size());
    }

    private static void printDomain(KObject domain, int number, boolean hasName, ProcText out) {
        Kernel kernel = domain.kernel();
        out.put("domain").dec(number).put(' ');
        if (hasName) {
            out.put(domain.string("name", 64)).put(' ');
        }
        out.put(CpuMasks.hex(kernel, CpuMasks.of(kernel, span(domain))));
        CType counts = domain.at("lb_count").type();
        int kinds = counts instanceof CType.Array array ? array.length() : 0;
        for (int kind = 0; kind < kinds; kind++) {
            for (String counter : BALANCING) {
                if (domain.has(counter)) {
                    out.put(' ').unsigned(domain.at(counter).index(kind).value());
                }
            }
        }
        for (String counter : REST) {
            out.put(' ').unsigned(domain.get(counter));
        }
        out.put('\n');
    }
}
