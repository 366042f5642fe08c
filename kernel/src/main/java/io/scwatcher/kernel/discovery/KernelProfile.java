package io.scwatcher.kernel.discovery;

import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.arch.KernelMapping;
import io.scwatcher.kernel.symbol.Kallsyms;
import io.scwatcher.kernel.type.BtfTypes;
import io.scwatcher.memory.GuestMemory;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What was found out about a running kernel and cannot change until it stops: how its addresses translate, its symbols,
 * its types. Immutable; any number of epochs can be read with one profile.
 */
public final class KernelProfile {
    private final KernelMapping mapping;
    private final Kallsyms symbols;
    private final BtfTypes types;
    private final ModuleTypes moduleTypes;
    private final String release;
    private final String banner;

    KernelProfile(KernelMapping mapping, Kallsyms symbols, BtfTypes types, String release, String banner) {
        this.mapping = mapping;
        this.symbols = symbols;
        this.types = types;
        this.moduleTypes = new ModuleTypes(types);
        this.release = release;
        this.banner = banner;
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
        return new ProfiledKernel(this, memory);
    }

    /** {@code UTS_RELEASE}. */
    public String release() {
        return release;
    }

    /** The text of /proc/version, without its line end. */
    public String banner() {
        return banner;
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

    ModuleTypes moduleTypes() {
        return moduleTypes;
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
}
