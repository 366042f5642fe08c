package io.scwatcher.kernel.discovery;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.collection.Lists;
import io.scwatcher.kernel.memory.MemoryFault;
import io.scwatcher.kernel.memory.PhysicalMemory;
import io.scwatcher.kernel.type.Btf;
import io.scwatcher.kernel.type.BtfException;
import io.scwatcher.kernel.type.BtfTypes;
import io.scwatcher.kernel.type.NoSuchFieldInKernel;
import io.scwatcher.kernel.type.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The BTF of the modules that are loaded now (kernel/bpf/btf.c, {@code btf_modules}). What was parsed once is kept across
 * epochs, since a module's types stay the same while it is loaded.
 */
final class ModuleTypes {
    private static final int MAX_BTF = 64 << 20;
    private static final int MAX_NAME = 64;

    private final BtfTypes base;
    /** By what makes one loading of one module: {@code btf.id}, which the kernel does not use again soon, place, size, name. */
    private final Map<List<?>, BtfTypes> parsed = new ConcurrentHashMap<>();

    /** A module and its types. */
    record Module(String name, BtfTypes types) {}

    ModuleTypes(BtfTypes base) {
        this.base = base;
    }

    /** The types of each module, in the kernel's order. */
    List<Module> load(Kernel kernel, PhysicalMemory physical) {
        List<Module> modules = new ArrayList<>();
        Types own = base;
        if (!kernel.symbols().has("btf_modules") || !own.hasStruct("btf_module")) {
            return modules;
        }
        KObject head = new KObject(kernel, own.struct("list_head"), kernel.address("btf_modules"));
        for (KObject entry : Lists.list(head, "btf_module", "list")) {
            try {
                addModule(entry.ptr("btf"), kernel, physical, modules);
            } catch (MemoryFault | NoSuchFieldInKernel broken) {
                kernel.anomalies().record("types of a module: " + broken.getMessage());
            }
        }
        return modules;
    }

    private void addModule(KObject btf, Kernel kernel, PhysicalMemory physical, List<Module> modules) {
        String name = btf.string("name", MAX_NAME);
        long data = btf.get("data");
        long size = btf.get("data_size");
        List<?> identity = List.of(btf.get("id"), data, size, name);
        BtfTypes known = parsed.get(identity);
        if (known == null) {
            known = parse(name, data, size, kernel, physical);
            if (known == null) {
                return;
            }
            parsed.put(identity, known);
        }
        modules.add(new Module(name, known));
    }

    private BtfTypes parse(String name, long address, long size, Kernel kernel, PhysicalMemory physical) {
        if (size <= 0 || size > MAX_BTF) {
            kernel.anomalies().record("types of module " + name + ": " + size + " bytes");
            return null;
        }
        byte[] data = new byte[(int) size];
        if (!physical.readUncached(kernel.memory(), address, data, data.length)) {
            kernel.anomalies().record("types of module " + name + ": not in memory");
            return null;
        }
        try {
            return new BtfTypes(Btf.parse(data, base.btf()), base);
        } catch (BtfException broken) {
            kernel.anomalies().record("types of module " + name + ": " + broken.getMessage());
            return null;
        }
    }
}
