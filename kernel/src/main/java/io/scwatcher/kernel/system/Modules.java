package io.scwatcher.kernel.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.collection.Lists;
import io.scwatcher.kernel.task.KernelTraits;
import io.scwatcher.kernel.type.CType;
import java.util.ArrayList;
import java.util.List;

/**
 * Loaded modules: the list {@code modules} (kernel/module/main.c). A module's memory is {@code mem[]} by kind since 6.4,
 * {@code core_layout}, {@code init_layout} (and {@code data_layout}) before.
 */
public final class Modules {
    /** {@code MODULE_REF_BASE}: a live module's own reference. */
    private static final int MODULE_REF_BASE = 1;
    private static final int NAME_LIMIT = 256;

    private final Kernel kernel;
    private final Variables variables;

    public Modules(Kernel kernel) {
        this.kernel = kernel;
        this.variables = new Variables(kernel);
    }

    /** All modules but those not formed yet ({@code struct module}), newest first as the kernel keeps them. */
    public List<KObject> all() {
        List<KObject> formed = new ArrayList<>();
        if (variables.has("modules")) {
            long unformed = variables.constant("MODULE_STATE_UNFORMED");
            for (KObject module : Lists.list(kernel.object("modules", "list_head"), "module", "list")) {
                if (module.get("state") != unformed) {
                    formed.add(module);
                }
            }
        }
        return formed;
    }

    public String name(KObject module) {
        return module.string("name", NAME_LIMIT);
    }

    /** The bytes of all its memory, as an {@code unsigned int}. */
    public long size(KObject module) {
        return areas(module).stream().mapToLong(Area::size).sum() & 0xffff_ffffL;
    }

    /** Where its code starts. */
    public long base(KObject module) {
        return module.has("mem") ? module.at("mem").index(variables.constant("MOD_TEXT")).get("base")
                : module.get("core_layout.base");
    }

    /** Whether a driver, be it a module or built in, holds a text; true where its constants cannot be read. */
    public boolean hasText(String name, String text) {
        return KernelTraits.remember(kernel, "module " + name, text, () -> all().stream()
                .filter(module -> name(module).equals(name)).findFirst()
                .map(module -> areas(module).stream().anyMatch(area ->
                        KernelTraits.isTextBetween(kernel, text, area.start, area.start + area.size)))
                .orElseGet(() -> KernelTraits.isTextOfKernel(kernel, text)));
    }

    private record Area(long start, long size) {}

    private static List<Area> areas(KObject module) {
        List<Area> areas = new ArrayList<>();
        if (module.has("mem")) {
            KObject mem = module.at("mem");
            int kinds = mem.type() instanceof CType.Array array ? array.length() : 0;
            for (int kind = 0; kind < kinds; kind++) {
                areas.add(new Area(mem.index(kind).get("base"), mem.index(kind).get("size")));
            }
        } else {
            for (String layout : List.of("core_layout", "init_layout", "data_layout")) {
                if (module.has(layout)) {
                    areas.add(new Area(module.get(layout + ".base"), module.get(layout + ".size")));
                }
            }
        }
        return areas;
    }

    /** Whether an address lies in the module's code or data. */
    public boolean contains(KObject module, long address) {
        return end(module, address) != 0;
    }

    /** The end of that part of the module in which an address lies; 0 where it lies in none. */
    public long end(KObject module, long address) {
        return areas(module).stream().filter(area -> within(area.start, area.size, address))
                .mapToLong(area -> area.start + area.size).findFirst().orElse(0);
    }

    private static boolean within(long base, long size, long address) {
        return base != 0 && Long.compareUnsigned(address - base, size) < 0;
    }

    /** {@code module_refcount}. */
    public int references(KObject module) {
        return module.getInt("refcnt.counter") - MODULE_REF_BASE;
    }

    /** Whether modules can be unloaded in this kernel, so that references are counted. */
    public boolean countsReferences() {
        return kernel.types().struct("module").has("refcnt");
    }

    /** The names of the modules that use this one. */
    public List<String> users(KObject module) {
        List<String> names = new ArrayList<>();
        for (KObject use : Lists.list(module.at("source_list"), "module_use", "source_list")) {
            names.add(name(use.ptr("source")));
        }
        return names;
    }

    /** It has an init function and no exit function, so it stays. */
    public boolean isPermanent(KObject module) {
        return module.get("init") != 0 && module.getOr("exit", 0) == 0;
    }

    public boolean isGoing(KObject module) {
        return module.get("state") == variables.constant("MODULE_STATE_GOING");
    }

    public boolean isComing(KObject module) {
        return module.get("state") == variables.constant("MODULE_STATE_COMING");
    }

    /** {@code module_flags_taint}: the letters of {@code taint_flags}; up to 7.0 only those meant for modules. */
    public String taintLetters(KObject module) {
        StringBuilder letters = new StringBuilder();
        long taints = module.get("taints");
        KObject flags = taints == 0 ? null : kernel.object("taint_flags", "taint_flag");
        for (int bit = 0; bit < Long.SIZE && taints >>> bit != 0; bit++) {
            if ((taints >>> bit & 1) != 0 && flags.index(bit).getOr("module", 1) != 0) {
                letters.append((char) flags.index(bit).get("c_true"));
            }
        }
        return letters.toString();
    }
}
