package io.scwatcher.enclave.view;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.discovery.DiscoveryException;
import io.scwatcher.kernel.memory.MemoryFault;
import io.scwatcher.kernel.system.CpuMasks;
import io.scwatcher.kernel.system.KernelLog;
import io.scwatcher.kernel.system.MemoryCounters;
import io.scwatcher.kernel.system.SwapAreas;
import io.scwatcher.kernel.system.Timekeeping;
import io.scwatcher.kernel.system.Variables;
import io.scwatcher.kernel.task.Task;
import io.scwatcher.kernel.task.Tasks;
import io.scwatcher.kernel.type.NoSuchFieldInKernel;
import io.scwatcher.memory.GuestMemoryException;
import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.syscall.SystemCallException;
import io.scwatcher.os.view.NetworkView;
import io.scwatcher.os.view.SystemLostException;
import io.scwatcher.os.view.SystemView;
import io.scwatcher.vfs.VfsException;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The VM as the system that programs ask about: each answer comes from the structures that the VM's kernel would consult for it. A
 * process is found by its number in the PID namespace's IDR, as {@code find_vpid} does, so what a rootkit unlinked from lists is still found here.
 */
public final class VmView implements SystemView {
    private static final int NAME_LIMIT = 65;
    private static final int PAGE = 4096;
    /** {@code SI_LOAD_SHIFT - FSHIFT} (include/linux/sched/loadavg.h): averages have eleven bits in the kernel, sixteen in sysinfo(2). */
    private static final int LOAD_SHIFT = 5;
    private static final Names UNKNOWN = new Names("Linux", "localhost", "", "", "x86_64", "(none)");
    /** include/linux/threads.h, on 64-bit machines. */
    private static final int PID_MAX_LIMIT = 4 << 20;

    private final Supplier<Kernel> epochs;
    /** Taken once: the clock starts at the VM's time, and goes on although a dump or a paused VM stands still. */
    private Long realTimeOffset;
    private final VmNetwork network;

    /** @param epochs gives the kernel of the current epoch */
    public VmView(Supplier<Kernel> epochs) {
        this.epochs = epochs;
        this.network = new VmNetwork(epochs);
    }

    @Override
    public Names names() {
        return read(kernel -> {
            KObject names = kernel.object("init_uts_ns", "uts_namespace").at("name");
            return new Names(names.string("sysname", NAME_LIMIT), names.string("nodename", NAME_LIMIT), names.string("release", NAME_LIMIT),
                    names.string("version", NAME_LIMIT), names.string("machine", NAME_LIMIT), names.string("domainname", NAME_LIMIT));
        }, UNKNOWN);
    }

    /** As {@code do_sysinfo} (kernel/sys.c) and {@code si_meminfo} (mm/page_alloc.c) put it together. */
    @Override
    public Information information() {
        return read(kernel -> {
            Variables variables = new Variables(kernel);
            MemoryCounters counters = new MemoryCounters(kernel);
            SwapAreas swap = new SwapAreas(kernel);
            long[] loads = new long[3];
            for (int i = 0; i < loads.length; i++) {
                loads[i] = variables.u64At("avenrun", i) << LOAD_SHIFT;
            }
            long[] pages = {counters.totalPages(), counters.zone("NR_FREE_PAGES"), counters.node("NR_SHMEM"), counters.blockDevicePages(),
                swap.totalPages(), swap.freePages()};
            for (int i = 0; i < pages.length; i++) {
                pages[i] *= PAGE;
            }
            long boot = new Timekeeping(kernel).boottime();
            return new Information((boot + 999_999_999) / 1_000_000_000, loads, pages, variables.s32("nr_threads"));
        }, new Information(0, new long[3], new long[6], 0));
    }

    @Override
    public ProcessView process(int pid) {
        return pid <= 0 ? null : read(kernel -> {
            Task task = Tasks.byPid(kernel, pid);
            return task == null ? null : new VmProcess(task);
        }, null);
    }

    @Override
    public long[] processors() {
        return read(kernel -> words(CpuMasks.of(kernel, kernel.address("__cpu_online_mask"))), new long[] {1});
    }

    /**
     * Behind {@code PID_MAX_LIMIT}, which no kernel passes: detectors of hidden processes try every number up to there, and would take a process of
     * the layer, which they can reach and which no listing shows, for a hidden one.
     */
    @Override
    public int firstFreePid() {
        return PID_MAX_LIMIT + 1;
    }

    @Override
    public List<LogRecord> log() {
        return read(kernel -> new KernelLog(kernel).entries().stream().map(one -> new LogRecord(one.sequence(), one.nanos(), one.facility(), one.level(),
                one.isContinuation(), one.text(), one.subsystem(), one.device())).toList(), List.of());
    }

    @Override
    public NetworkView network() {
        return network;
    }

    /** While a VM boots again, what is asked of it fails with EIO. A watcher must not take a VM that is gone for one in which nothing is amiss. */
    @Override
    public int errorOf(RuntimeException failure) {
        return switch (failure) {
            case GuestMemoryException gone -> throw new SystemLostException(gone.getMessage());
            case DiscoveryException _, MemoryFault _, NoSuchFieldInKernel _ -> Errno.EIO;
            default -> throw failure;
        };
    }

    @Override
    public synchronized long realTimeOffset() {
        if (realTimeOffset == null) {
            realTimeOffset = read(kernel -> new Timekeeping(kernel).real() - System.currentTimeMillis() * 1_000_000, 0L);
        }
        return realTimeOffset;
    }

    /** A bit for each of the CPUs: bit n%64 of word n/64. */
    static long[] words(int[] cpus) {
        int most = 0;
        for (int cpu : cpus) {
            most = Math.max(most, cpu);
        }
        long[] words = new long[most / Long.SIZE + 1];
        for (int cpu : cpus) {
            words[cpu / Long.SIZE] |= 1L << cpu % Long.SIZE;
        }
        return words;
    }

    private <T> T read(Function<Kernel, T> question, T otherwise) {
        Kernel kernel = epochs.get();
        return read(kernel, () -> question.apply(kernel), otherwise);
    }

    /** What an intruder or a torn epoch broke is an anomaly, not an error of the program that asks. */
    static <T> T read(Kernel kernel, Supplier<T> question, T otherwise) {
        try {
            return question.get();
        } catch (GuestMemoryException | DiscoveryException | VfsException | SystemCallException passes) {
            throw passes;
        } catch (RuntimeException | StackOverflowError broken) {
            kernel.anomalies().record(describe(broken));
            return otherwise;
        }
    }

    /** The faults of reading speak for themselves; whatever else hostile memory led to is told with its kind. */
    static String describe(Throwable broken) {
        return broken instanceof MemoryFault || broken instanceof NoSuchFieldInKernel ? broken.getMessage() : broken.toString();
    }
}
