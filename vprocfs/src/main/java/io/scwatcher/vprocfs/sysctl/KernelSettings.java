package io.scwatcher.vprocfs.sysctl;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.system.HugePages;
import io.scwatcher.kernel.system.MemoryCounters;
import io.scwatcher.kernel.system.Variables;
import io.scwatcher.kernel.task.PidNamespace;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.VfsException;
import io.scwatcher.kernel.task.KernelTraits;
import io.scwatcher.vprocfs.ProcText;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Settings of kernel, vm and fs whose handlers compute what they print. */
final class KernelSettings {
    private static final int NAME_LIMIT = 128;
    private static final int MOST_NAMES = 64;
    private static final int LONG = Long.BYTES;

    private KernelSettings() {}

    /** {@code proc_taint}, kernel/panic.c. */
    static void taint(Setting setting, ProcText out) {
        out.unsigned(setting.variables().u64("tainted_mask")).put('\n');
    }

    /** {@code proc_do_cad_pid}, kernel/reboot.c: who gets Ctrl-Alt-Del. */
    static void controlAltDelete(Setting setting, ProcText out) {
        Kernel kernel = setting.kernel();
        KObject pid = setting.variables().pointee("cad_pid", "pid");
        out.dec(pid.isNull() ? 0 : PidNamespace.initial(kernel).number(pid)).put('\n');
    }

    /** {@code pid_ns_ctl_handler}, kernel/pid_namespace.c. */
    static void lastPid(Setting setting, ProcText out) {
        KObject namespace = setting.kernel().object("init_pid_ns", "pid_namespace");
        out.dec((int) namespace.get("idr.idr_next") - 1).put('\n');
    }

    /** {@code pid_mfd_noexec_dointvec_minmax}. */
    static void memfdNoExec(Setting setting, ProcText out) {
        KObject namespace = setting.kernel().object("init_pid_ns", "pid_namespace");
        out.dec(namespace.getInt("memfd_noexec_scope")).put('\n');
    }

    /** {@code sysctl_max_threads}, kernel/fork.c. */
    static void maxThreads(Setting setting, ProcText out) {
        out.dec(setting.variables().s32("max_threads")).put('\n');
    }

    /** {@code sysrq_sysctl_handler}, kernel/sysctl.c. */
    static void sysrq(Setting setting, ProcText out) {
        Variables variables = setting.variables();
        out.dec(variables.isSet("sysrq_always_enabled", 1) ? 1 : variables.s32("sysrq_enabled")).put('\n');
    }

    /** {@code proc_kprobes_optimization_handler}. */
    static void kprobesOptimization(Setting setting, ProcText out) {
        out.put(setting.variables().isSet("kprobes_allow_optimization", 1) ? "1\n" : "0\n");
    }

    /** {@code proc_watchdog_common}: hard (bit 0) and soft (bit 1) lockup detection, or either of them. */
    static void watchdog(Setting setting, ProcText out) {
        int which = switch (setting.name()) {
            case "nmi_watchdog" -> 1;
            case "soft_watchdog" -> 2;
            default -> 3;
        };
        out.put((setting.variables().u64("watchdog_enabled") & which) != 0 ? "1\n" : "0\n");
    }

    /** {@code sysctl_schedstats}, kernel/sched/core.c. */
    static void schedStatistics(Setting setting, ProcText out) {
        out.put(Vectors.isEnabled(setting.kernel().object("sched_schedstats", "static_key")) ? "1\n" : "0\n");
    }

    /** {@code sysctl_numa_balancing}: a mode since 5.18. */
    static void numaBalancing(Setting setting, ProcText out) {
        if (setting.variables().has("sysctl_numa_balancing_mode")) {
            out.dec(setting.variables().s32("sysctl_numa_balancing_mode")).put('\n');
        } else {
            KObject key = setting.kernel().object("sched_numa_balancing", "static_key");
            out.put(Vectors.isEnabled(key) ? "1\n" : "0\n");
        }
    }

    /** {@code sysctl_delayacct}. */
    static void delayAccounting(Setting setting, ProcText out) {
        out.dec(setting.variables().s32("delayacct_on")).put('\n');
    }

    /** {@code sched_energy_aware_handler}: since 6.7 empty where CPUs do not differ in capacity; x86's do not. */
    static void energyAware(Setting setting, ProcText out) {
        boolean isOld = !setting.kernel().symbols().has("sched_is_eas_possible");
        boolean areAlike = true;
        Variables variables = setting.variables();
        for (int cpu : setting.kernel().onlineCpus()) {
            long domain = setting.kernel().perCpu(variables.addressOr("sd_asym_cpucapacity", 0), cpu);
            areAlike &= !variables.has("sd_asym_cpucapacity") || setting.kernel().memory().u64(domain) == 0;
        }
        if (isOld || !areAlike) {
            Vectors.ints(setting, out);
        }
    }

    /** {@code sd_ctl_doflags}, kernel/sched/debug.c up to 5.12: the names of the flags, each with a blank behind. */
    static void domainFlags(Setting setting, ProcText out) {
        Kernel kernel = setting.kernel();
        long flags = kernel.memory().u64(setting.data());
        long count = Math.min(MOST_NAMES, setting.variables().constant("__SD_FLAG_CNT"));
        KObject names = kernel.object("sd_flag_debug", "sd_flag_debug");
        for (int bit = 0; bit < count; bit++) {
            if ((flags >>> bit & 1) != 0) {
                out.put(names.index(bit).string("name", NAME_LIMIT)).put(' ');
            }
        }
        out.put('\n');
    }

    /** {@code read_actions_logged}, kernel/seccomp.c. */
    static void seccompActionsLogged(Setting setting, ProcText out) {
        Kernel kernel = setting.kernel();
        long logged = setting.variables().u32("seccomp_actions_logged");
        KObject names = kernel.object("seccomp_log_names", "seccomp_log_name");
        List<String> found = new ArrayList<>();
        for (int i = 0; i < MOST_NAMES && names.index(i).get("name") != 0; i++) {
            if ((names.index(i).get("log") & logged) != 0) {
                found.add(names.index(i).string("name", NAME_LIMIT));
            }
        }
        out.put(String.join(" ", found)).put('\n');
    }

    /** {@code sysctl_sys_info_handler}, lib/sys_info.c (6.17): the names of the bits, an unnamed bit is not shown. */
    static void systemInformation(Setting setting, ProcText out) {
        Kernel kernel = setting.kernel();
        Variables variables = setting.variables();
        long bits = kernel.memory().u64(setting.data());
        long count = Math.min(MOST_NAMES, variables.sizeOfVariable("si_names") / LONG);
        List<String> found = new ArrayList<>();
        for (int bit = 0; bit < count; bit++) {
            String name = (bits >>> bit & 1) == 0 ? ""
                    : kernel.memory().string(variables.u64At("si_names", bit), NAME_LIMIT);
            if (!name.isEmpty()) {
                found.add(name);
            }
        }
        out.put(String.join(",", found)).put('\n');
    }

    /** {@code proc_cap_handler}, kernel/umh.c: the low and the high half. */
    static void capabilities(Setting setting, ProcText out) {
        long data = setting.data();
        Variables variables = setting.variables();
        if (data == 1 || data == 2) {
            data = setting.kernel().address(data == 1 ? "usermodehelper_bset" : "usermodehelper_inheritable");
        }
        long set = variables.kernel().memory().u64(data);
        out.unsigned(set & 0xffff_ffffL).put('\t').unsigned(set >>> 32).put('\n');
    }

    /** {@code hugetlb_sysctl_handler}: the pool of the standard size. */
    static void hugePages(Setting setting, ProcText out) {
        printHugePages(setting, "max_huge_pages", out);
    }

    /** {@code hugetlb_overcommit_handler}. */
    static void hugePagesOvercommit(Setting setting, ProcText out) {
        printHugePages(setting, "nr_overcommit_huge_pages", out);
    }

    private static void printHugePages(Setting setting, String member, ProcText out) {
        KObject pool = new HugePages(setting.kernel()).standard();
        if (pool == null) {
            throw new VfsException(Errno.EOPNOTSUPP);
        }
        out.unsigned(pool.get(member)).put('\n');
    }

    /** {@code proc_dohung_task_detect_count}: a variable of its own since 6.19, that of the table before. */
    static void hungTasks(Setting setting, ProcText out) {
        long data = setting.data();
        long place = data != 0 ? data : setting.kernel().address("sysctl_hung_task_detect_count");
        out.unsigned(setting.kernel().memory().u64(place)).put('\n');
    }

    /** {@code proc_nr_inodes}, fs/inode.c: counts and unused are summed from the CPUs, the rest stands in the table. */
    static void inodes(Setting setting, ProcText out) {
        printCounted(setting, out, perCpu(setting, "nr_inodes"), perCpu(setting, "nr_unused"));
    }

    /** {@code proc_nr_dentry}, fs/dcache.c. */
    static void dentries(Setting setting, ProcText out) {
        Kernel kernel = setting.kernel();
        KObject limits = setting.as("dentry_stat_t");
        out.unsigned(perCpu(setting, "nr_dentry")).put('\t').unsigned(perCpu(setting, "nr_dentry_unused"));
        int rest = limits.type().size() / LONG - 2;
        long negative = (limits.at("nr_negative").address() - setting.data()) / LONG - 2;
        for (int i = 0; i < Math.min(rest, setting.size() / LONG - 2); i++) {
            long value = i == negative ? perCpu(setting, "nr_dentry_negative")
                    : kernel.memory().u64(setting.data() + (i + 2L) * LONG);
            out.put('\t').unsigned(value);
        }
        out.put('\n');
    }

    /**
     * {@code proc_nr_files}, fs/file_table.c: without what the CPUs have not folded in yet; since 6.17 with it.
     */
    static void files(Setting setting, ProcText out) {
        KObject counter = setting.kernel().object("nr_files", "percpu_counter");
        long files = KernelTraits.calls(setting.kernel(), "proc_nr_files", "__percpu_counter_sum")
                ? new MemoryCounters(setting.kernel()).perCpuSum(counter) : counter.get("count");
        printCounted(setting, out, Math.max(0, files));
    }

    /** {@code do_proc_dqstats}, fs/quota/dquot.c: a counter for each element of {@code dqstats.stat}. */
    static void quotaStatistics(Setting setting, ProcText out) {
        KObject statistics = setting.kernel().object("dqstats", "dqstats");
        long index = (setting.data() - statistics.at("stat").address()) / Math.max(1, setting.size());
        long value = new MemoryCounters(setting.kernel()).perCpuSum(statistics.at("counter").index(index));
        out.unsigned(setting.size() == LONG ? Math.max(0, value) : value).put('\n');
    }

    /** {@code kexec_limit_handler}. */
    static void kexecLimit(Setting setting, ProcText out) {
        out.dec(setting.as("kexec_load_limit").getInt("limit")).put('\n');
    }

    /** {@code proc_do_uuid}, drivers/char/random.c: a fresh one on every read, unless it is the boot's. */
    static void uuid(Setting setting, ProcText out) {
        if (setting.data() == 0) {
            out.put(UUID.randomUUID().toString()).put('\n');
            return;
        }
        byte[] bytes = new byte[16];
        setting.kernel().memory().read(setting.data(), bytes, 0, bytes.length);
        if (bytes[8] == 0) {
            throw new VfsException(Errno.ENODATA);
        }
        for (int i = 0; i < bytes.length; i++) {
            out.put(i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "").hex(bytes[i] & 0xff, 2);
        }
        out.put('\n');
    }

    /** {@code proc_do_entropy}, up to 5.17: kept in eighths of a bit. */
    static void entropy(Setting setting, ProcText out) {
        out.dec((int) setting.kernel().memory().u32(setting.data()) >> 3).put('\n');
    }

    private static void printCounted(Setting setting, ProcText out, long... counted) {
        int count = setting.size() / LONG;
        for (int i = 0; i < count; i++) {
            long value = i < counted.length ? counted[i]
                    : setting.kernel().memory().u64(setting.data() + (long) i * LONG);
            out.put(i == 0 ? "" : "\t").unsigned(value);
        }
        out.put('\n');
    }

    private static long perCpu(Setting setting, String symbol) {
        Kernel kernel = setting.kernel();
        long sum = 0;
        for (int cpu : kernel.possibleCpus()) {
            sum += kernel.memory().u64(kernel.perCpu(kernel.address(symbol), cpu));
        }
        return Math.max(0, sum);
    }
}
