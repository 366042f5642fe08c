package io.scwatcher.kernel.discovery;

import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.arch.KernelMapping;
import io.scwatcher.kernel.discovery.DiscoveryException.Category;
import io.scwatcher.kernel.memory.MemoryFault;
import io.scwatcher.kernel.symbol.Kallsyms;
import io.scwatcher.kernel.symbol.VmcoreInfo;
import io.scwatcher.kernel.system.Timekeeping;
import io.scwatcher.kernel.type.BtfTypes;
import io.scwatcher.kernel.type.NoSuchFieldInKernel;
import io.scwatcher.memory.GuestMemory;
import io.scwatcher.memory.PhysicalRange;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * What was found out about a running kernel and cannot change until it stops: how its addresses translate, its symbols,
 * its types. Immutable; any number of epochs can be read with one profile.
 */
public final class KernelProfile {
    /** Symbols in different sections of the image, whose pages are mapped as long as the kernel runs. */
    static final String[] LASTING = {"_stext", "linux_banner", "init_task", "init_uts_ns", "tk_core", "timekeeper_data",
        "jiffies_64", "__per_cpu_offset", "sysctl_bootid", "init_top_pgt", "modules", "init_net"};

    private static final int UUID_BYTES = 16;

    private final KernelMapping mapping;
    private final Kallsyms symbols;
    private final BtfTypes types;
    private final ModuleTypes moduleTypes;
    private final String release;
    private final String banner;
    private final VmcoreInfo info;
    private final BootIdentity identity;
    private final int cpus;
    private final ConcurrentMap<Object, Object> bootFacts = new ConcurrentHashMap<>();

    /** @param info null where the kernel was found without */
    KernelProfile(KernelMapping mapping, Kallsyms symbols, BtfTypes types, String release, String banner, VmcoreInfo info,
            GuestMemory memory) {
        this.mapping = mapping;
        this.symbols = symbols;
        this.types = types;
        this.moduleTypes = new ModuleTypes(types);
        this.release = release;
        this.banner = banner;
        this.info = info;
        this.identity = identify(memory);
        this.cpus = epoch(memory).possibleCpus().length;
    }

    /**
     * Profiles the kernel that runs in a VM, from its memory alone.
     *
     * @throws DiscoveryException if there is none that can be read
     * @throws io.scwatcher.memory.GuestMemoryException if the memory's source fails
     */
    public static KernelProfile discover(GuestMemory memory, DiscoveryListener listener) {
        return new Discovery(memory, listener).run();
    }

    /** The kernel at this moment (or, of a dump, at its moment): nothing read yet. */
    public Kernel epoch(GuestMemory memory) {
        return new ProfiledKernel(this, memory.epoch());
    }

    /**
     * Whether the VM still runs the boot that was profiled. One small request; worth asking before each epoch of a
     * running VM.
     */
    public boolean stillValid(GuestMemory memory) {
        return identity.matches(memory);
    }

    /**
     * @throws DiscoveryException if the VM runs another boot than the one profiled
     */
    public void requireValid(GuestMemory memory) {
        if (!stillValid(memory)) {
            throw new DiscoveryException(Category.REBOOTED, "the VM no longer runs the kernel " + release
                    + " that was profiled: it was rebooted, reset or restored; profile it again");
        }
    }

    /** {@code UTS_RELEASE}. */
    public String release() {
        return release;
    }

    /** The text of /proc/version without its line end; "" if the kernel does not say where it is. */
    public String banner() {
        return banner;
    }

    /** The text of the kernel's VMCOREINFO, which other tools ask for; empty where the kernel was found without. */
    public Optional<byte[]> vmcoreInfo() {
        return Optional.ofNullable(info).map(VmcoreInfo::text);
    }

    /** uname -m. */
    public String machine() {
        return mapping.architecture().machine();
    }

    public KernelMapping mapping() {
        return mapping;
    }

    /** How far the image's addresses are from those it was linked at. */
    public long virtualOffset() {
        return imageBase() - mapping.architecture().linkedImageBase();
    }

    /** The guest-physical address at which the image starts. */
    public long physicalBase() {
        return mapping.imageToPhysical(imageBase());
    }

    /** Levels of page tables. */
    public int pagingLevels() {
        return mapping.tables().levels();
    }

    /** Possible CPUs. */
    public int cpus() {
        return cpus;
    }

    public int symbolCount() {
        return symbols.count();
    }

    /** Types of the kernel itself, those of modules not counted. */
    public int typeCount() {
        return types.count();
    }

    /** The modules that are loaded now and bring types of their own, with the number of those types. */
    public Map<String, Integer> modulesWithTypes(GuestMemory memory) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (ModuleTypes.Module module : new ProfiledKernel(this, memory).moduleTypes()) {
            counts.put(module.name(), module.types().count());
        }
        return counts;
    }

    /** The kernel's clock, nanoseconds since 1970; {@link Long#MIN_VALUE} if it cannot be read. */
    long clock(GuestMemory memory) {
        try {
            return new Timekeeping(epoch(memory)).real();
        } catch (MemoryFault | NoSuchFieldInKernel | IllegalStateException broken) {
            return Long.MIN_VALUE;
        }
    }

    /** Whether no other kernel is known to have booted since. */
    boolean ownsMachine(GuestMemory memory) {
        return mapping.architecture().ownsBootMarks(epoch(memory));
    }

    /** Whether what a boot leaves behind in memory says that this kernel is the last one to have booted. */
    boolean certainlyOwnsMachine(GuestMemory memory) {
        Kernel kernel = epoch(memory);
        return !mapping.architecture().bootMarks(kernel).isEmpty() && mapping.architecture().ownsBootMarks(kernel);
    }

    ModuleTypes moduleTypes() {
        return moduleTypes;
    }

    ConcurrentMap<Object, Object> bootFacts() {
        return bootFacts;
    }

    Kallsyms symbols() {
        return symbols;
    }

    BtfTypes types() {
        return types;
    }

    private long imageBase() {
        return symbols.find("_text").orElseGet(() -> symbols.find("_stext").orElse(0));
    }

    private BootIdentity identify(GuestMemory memory) {
        BootIdentity boot = new BootIdentity();
        remember(boot, memory, "linux_banner", 64, false);
        remember(boot, memory, "page_offset_base", Long.BYTES, false);
        remember(boot, memory, "vmalloc_base", Long.BYTES, false);
        remember(boot, memory, "__per_cpu_offset", Long.BYTES, false);
        remember(boot, memory, "saved_command_line", Long.BYTES, false);
        remember(boot, memory, "sysctl_bootid", UUID_BYTES, true);
        for (String symbol : LASTING) {
            OptionalLong at = symbols.find(symbol);
            if (at.isPresent()) {
                boot.rememberWalk(memory, mapping, at.getAsLong());
            }
        }
        for (PhysicalRange mark : mapping.architecture().bootMarks(epoch(memory))) {
            boot.remember(memory, mark.start(), (int) mark.length(), false);
        }
        OptionalLong initTask = symbols.find("init_task");
        if (initTask.isPresent() && types.struct("task_struct").has("stack_canary")) {
            long canary = initTask.getAsLong() + types.struct("task_struct").offsetOf("stack_canary");
            boot.remember(memory, mapping.imageToPhysical(canary), Long.BYTES, false);
        }
        return boot;
    }

    private void remember(BootIdentity boot, GuestMemory memory, String symbol, int length, boolean late) {
        OptionalLong at = symbols.find(symbol);
        if (at.isPresent()) {
            boot.remember(memory, mapping.imageToPhysical(at.getAsLong()), length, late);
        }
    }
}
