package io.scwatcher.kernel.discovery;

import io.scwatcher.kernel.type.BtfTypes;
import io.scwatcher.kernel.type.CType;
import io.scwatcher.kernel.type.StructType;
import io.scwatcher.kernel.type.Types;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The kernel's types, then those of the modules loaded in this epoch. Modules are looked at only for names that the
 * kernel itself does not have.
 */
final class EpochTypes implements Types {
    private final BtfTypes kernel;
    private final Supplier<List<ModuleTypes.Module>> loader;
    private final Set<String> absent = ConcurrentHashMap.newKeySet();
    private List<ModuleTypes.Module> modules;

    EpochTypes(BtfTypes kernel, Supplier<List<ModuleTypes.Module>> loader) {
        this.kernel = kernel;
        this.loader = loader;
    }

    @Override
    public CType findType(String name) {
        CType found = kernel.findType(name);
        for (int i = 0; found == null && i < modules().size(); i++) {
            found = modules().get(i).types().findType(name);
        }
        return found;
    }

    @Override
    public OptionalLong enumerator(String name) {
        OptionalLong found = kernel.enumerator(name);
        for (int i = 0; found.isEmpty() && i < modules().size(); i++) {
            found = modules().get(i).types().enumerator(name);
        }
        return found;
    }

    @Override
    public String enumeratorName(String enumeration, long value) {
        String found = kernel.enumeratorName(enumeration, value);
        for (int i = 0; found == null && i < modules().size(); i++) {
            found = modules().get(i).types().enumeratorName(enumeration, value);
        }
        return found;
    }

    @Override
    public StructType findStruct(String name) {
        StructType found = kernel.findStruct(name);
        if (found != null || absent.contains(name)) {
            return found;
        }
        for (int i = 0; found == null && i < modules().size(); i++) {
            found = modules().get(i).types().findStruct(name);
        }
        if (found == null) {
            absent.add(name);
        }
        return found;
    }

    /** Empty while it is being loaded, so that a name asked for by the loading itself cannot come back here. */
    private synchronized List<ModuleTypes.Module> modules() {
        if (modules == null) {
            modules = List.of();
            modules = loader.get();
        }
        return modules;
    }
}
