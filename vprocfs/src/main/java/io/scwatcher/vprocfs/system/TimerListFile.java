package io.scwatcher.vprocfs.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.collection.RbTree;
import io.scwatcher.kernel.system.CpuMasks;
import io.scwatcher.kernel.system.SymbolNames;
import io.scwatcher.kernel.system.Timekeeping;
import io.scwatcher.kernel.system.Variables;
import io.scwatcher.kernel.task.KernelTraits;
import io.scwatcher.vprocfs.ProcText;
import io.scwatcher.vprocfs.SystemFile;
import io.scwatcher.vprocfs.net.PointerText;
import java.util.List;

/**
 * /proc/timer_list (kernel/time/timer_list.c): the pending high-resolution timers of each CPU, its tick, and the devices
 * that make the ticks. What a version prints is what its structures have; how it prints addresses, its texts tell.
 */
final class TimerListFile implements SystemFile {
    private static final List<String> FUNCTIONS = List.of("timer_list_show", "sysrq_timer_list_show", "print_tickdevice",
            "print_cpu", "print_base", "print_active_timers");
    private static final String VERSION = "Timer List Version: v0.";
    private static final int NEWEST = 99;
    private static final int MOST_BASES = 64;
    private static final int NAME_LIMIT = 64;
    /** Bits of {@code tick_sched.flags}, kernel/time/tick-sched.h. */
    private static final int TS_FLAG_STOPPED = 1 << 1;
    private static final int TS_FLAG_NOHZ = 1 << 4;
    private static final int TS_FLAG_HIGHRES = 1 << 5;
    /** In nanoseconds; all others are plain counts. */
    private static final List<String> TIMES = List.of("expires_next", "last_tick", "idle_entrytime", "idle_waketime",
            "idle_exittime", "idle_sleeptime", "iowait_sleeptime", "idle_expires");
    private static final List<String> OF_BASE = List.of("expires_next", "hres_active", "nr_events", "nr_retries",
            "nr_hangs", "max_hang_time");
    private static final List<String> OF_TICK = List.of("idle_jiffies", "idle_calls", "idle_sleeps", "idle_entrytime",
            "idle_waketime", "idle_exittime", "idle_sleeptime", "iowait_sleeptime", "last_jiffies", "next_timer",
            "idle_expires");

    @Override
    public void print(Kernel kernel, ProcText out) {
        new Printer(kernel, out).print();
    }

    private static boolean hasText(Kernel kernel, String text) {
        return KernelTraits.hasText(kernel, text, FUNCTIONS.toArray(String[]::new));
    }

    /** One printing. */
    private static final class Printer {
        private final Kernel kernel;
        private final ProcText out;
        private final Variables variables;
        private final SymbolNames names;
        private final PointerText pointers;
        /** Up to 5.11 addresses of unknown objects are restricted, and functions have no module behind them. */
        private final boolean isOld;
        private final boolean isAligned;
        private final long now;

        Printer(Kernel kernel, ProcText out) {
            this.kernel = kernel;
            this.out = out;
            this.variables = new Variables(kernel);
            this.names = new SymbolNames(kernel);
            this.pointers = PointerText.of(kernel);
            this.isOld = hasText(kernel, "  .base:       %pK\n");
            this.isAligned = hasText(kernel, " shutdown:       %ps\n");
            this.now = new Timekeeping(kernel).monotonic();
        }

        void print() {
            long bases = Math.clamp(variables.constant("HRTIMER_MAX_CLOCK_BASES"), 0, MOST_BASES);
            out.put(VERSION).dec(version()).put("\nHRTIMER_MAX_CLOCK_BASES: ").dec(bases);
            out.put("\nnow at ").dec(now).put(" nsecs\n\n");
            for (int cpu : kernel.onlineCpus()) {
                printCpu(cpu, (int) bases);
            }
            if (variables.has("tick_broadcast_device")) {
                printDevice(kernel.object("tick_broadcast_device", "tick_device"), -1);
                printMask("tick_broadcast_mask");
                printMask("tick_broadcast_oneshot_mask");
                out.put('\n');
            }
            for (int cpu : kernel.onlineCpus()) {
                printDevice(variables.perCpu("tick_cpu_device", "tick_device", cpu), cpu);
            }
        }

        /** A macro, told by the text alone. */
        private int version() {
            return KernelTraits.remember(kernel, "version", "timer_list", () -> {
                for (int minor = 0; minor <= NEWEST; minor++) {
                    if (hasText(kernel, VERSION + minor + "\n")) {
                        return minor;
                    }
                }
                return 0;
            });
        }

        private void printCpu(int cpu, int bases) {
            KObject cpuBase = variables.perCpu("hrtimer_bases", "hrtimer_cpu_base", cpu);
            out.put("cpu: ").dec(cpu).put('\n');
            for (int i = 0; i < bases; i++) {
                out.put(" clock ").dec(i).put(":\n");
                printBase(cpuBase.at("clock_base").index(i));
            }
            OF_BASE.forEach(member -> printMember(cpuBase, member));
            KObject tick = variables.perCpu("tick_cpu_sched", "tick_sched", cpu);
            if (tick.has("flags")) {
                printFlag(tick, "nohz", TS_FLAG_NOHZ);
                printFlag(tick, "highres", TS_FLAG_HIGHRES);
                printMember(tick, "last_tick");
                printFlag(tick, "tick_stopped", TS_FLAG_STOPPED);
            } else {
                List.of("nohz_mode", "last_tick", "tick_stopped").forEach(member -> printMember(tick, member));
            }
            OF_TICK.forEach(member -> printMember(tick, member));
            out.put("jiffies: ").unsigned(variables.u64("jiffies_64")).put("\n\n");
        }

        private void printBase(KObject base) {
            out.put("  .base:       ");
            pointer(base.address());
            out.put("\n  .index:      ").dec(base.getInt("index"));
            out.put("\n  .resolution: ").unsigned(variables.u32("hrtimer_resolution")).put(" nsecs\n");
            if (base.has("get_time")) {
                out.put("  .get_time:   ").put(function(base.get("get_time"))).put('\n');
            }
            out.put("  .offset:     ").dec(base.get("offset")).put(" nsecs\nactive timers:\n");
            long clock = now + base.get("offset");
            boolean isLinked = base.has("active.rb_root.rb_leftmost") && kernel.types().struct("hrtimer").has("node.node.node");
            String tree = base.has("active.rb_root") ? "active.rb_root" : "active.head";
            int number = 0;
            for (KObject timer : RbTree.inOrder(base.at(tree), "hrtimer", isLinked ? "node.node.node" : "node.node")) {
                printTimer(timer, number++, clock);
            }
        }

        private void printTimer(KObject timer, int number, long clock) {
            out.put(" #").dec(number).put(": ");
            String symbol = isOld ? function(timer.address()) : "0x";
            if (symbol.startsWith("0x")) {
                out.put('<');
                pointer(timer.address());
                out.put('>');
            } else {
                out.put(symbol);
            }
            out.put(", ").put(function(timer.get("function"))).put(", S:");
            out.hex(timer.has("is_queued") ? timer.get("is_queued") : timer.get("state"), 2);
            long soft = timer.get("_softexpires");
            long hard = timer.get("node.expires");
            out.put("\n # expires at ").unsigned(soft).put('-').unsigned(hard).put(" nsecs [in ").dec(soft - clock).put(" to ")
                    .dec(hard - clock).put(" nsecs]\n");
        }

        private void printDevice(KObject tick, int cpu) {
            out.put("Tick Device: mode:     ").dec(tick.getInt("mode")).put('\n');
            out.put(cpu < 0 ? "Broadcast device\n" : "Per CPU device: " + cpu + "\n").put("Clock Event Device: ");
            KObject device = tick.ptr("evtdev");
            if (device.isNull()) {
                out.put("<NULL>\n");
                return;
            }
            out.put(device.string("name", NAME_LIMIT));
            out.put("\n max_delta_ns:   ").unsigned(device.get("max_delta_ns"));
            out.put("\n min_delta_ns:   ").unsigned(device.get("min_delta_ns"));
            out.put("\n mult:           ").unsigned(device.get("mult"));
            out.put("\n shift:          ").unsigned(device.get("shift"));
            out.put("\n mode:           ").dec(device.getInt("state_use_accessors"));
            out.put("\n next_event:     ").dec(device.get("next_event"));
            out.put(" nsecs\n set_next_event: ").put(function(device.get("set_next_event"))).put('\n');
            printHandler(device, "set_state_shutdown", " shutdown: ", 17);
            printHandler(device, "set_state_periodic", " periodic: ", 17);
            printHandler(device, "set_state_oneshot", " oneshot:  ", 17);
            printHandler(device, "set_state_oneshot_stopped", " oneshot stopped: ", 18);
            printHandler(device, "tick_resume", " resume:   ", 17);
            out.put(" event_handler:  ").put(function(device.get("event_handler")));
            out.put(isAligned ? "\n\n" : "\n").put(" retries:        ").unsigned(device.get("retries")).put('\n');
            if (cpu >= 0 && hasText(kernel, "Wakeup Device: %s\n")) {
                printWakeupDevice(cpu);
            }
            out.put('\n');
        }

        private void printHandler(KObject device, String member, String title, int width) {
            if (device.get(member) != 0) {
                out.left(title, isAligned ? width : title.length()).put(function(device.get(member))).put('\n');
            }
        }

        /** {@code tick_get_wakeup_device}. */
        private void printWakeupDevice(int cpu) {
            long device = variables.has("tick_oneshot_wakeup_device")
                    ? kernel.memory().u64(kernel.perCpu(kernel.address("tick_oneshot_wakeup_device"), cpu)) : 0;
            out.put("Wakeup Device: ");
            out.put(device == 0 ? "<NULL>" : kernel.at(device, "clock_event_device").string("name", NAME_LIMIT)).put('\n');
        }

        private void printMask(String variable) {
            if (variables.has(variable)) {
                KObject mask = kernel.object(variable, "cpumask_var_t");
                out.put(variable).put(": ").put(CpuMasks.hex(kernel, CpuMasks.of(mask))).put('\n');
            }
        }

        private void printMember(KObject object, String member) {
            if (object.has(member)) {
                out.put("  .").left(member, 15).put(": ").unsigned(object.get(member));
                out.put(TIMES.contains(member) ? " nsecs\n" : "\n");
            }
        }

        private void printFlag(KObject tick, String name, int flag) {
            out.put("  .").left(name, 15).put(": ").dec((tick.get("flags") & flag) != 0 ? 1 : 0).put('\n');
        }

        private void pointer(long address) {
            if (isOld) {
                pointers.restricted(out, address);
            } else {
                pointers.plain(out, address);
            }
        }

        /** {@code %ps}. */
        private String function(long address) {
            String name = names.describe(address).replaceFirst("\\+0x[0-9a-f]+/0x[0-9a-f]+", "");
            return isOld ? name.replaceFirst(" \\[.*", "") : name;
        }
    }
}
