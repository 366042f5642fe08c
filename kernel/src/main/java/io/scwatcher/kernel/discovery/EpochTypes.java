package io.scwatcher.kernel.discovery;

import io.scwatcher.kernel.type.BtfTypes;
import io.scwatcher.kernel.type.CType;
import io.scwatcher.kernel.type.NameTable;
import io.scwatcher.kernel.type.StructType;
import io.scwatcher.kernel.type.Types;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * The kernel's types, then those of the modules loaded in this epoch. Modules are looked at only for names that the
 * kernel itself does not have. Each name is looked up once.
 */
final class EpochTypes implements Types {
    private final BtfTypes kernel;
    private final Supplier<List<ModuleTypes.Module>> loader;
    private final NameTable<Found<StructType>> structs = new NameTable<>();
    private final NameTable<Found<CType>> types = new NameTable<>();
    private final NameTable<Found<OptionalLong>> enumerators = new NameTable<>();
    private List<ModuleTypes.Module> modules;
    private volatile boolean loaded;

    /** @param value null where nobody has the name */
    private record Found<T>(T value) {}

    EpochTypes(BtfTypes kernel, Supplier<List<ModuleTypes.Module>> loader) {
        this.kernel = kernel;
        this.loader = loader;
    }

    @Override
    public StructType findStruct(String name) {
        Found<StructType> known = structs.get(name);
        return (known != null ? known : find(name, structs, Types::findStruct)).value;
    }

    @Override
    public CType findType(String name) {
        Found<CType> known = types.get(name);
        return (known != null ? known : find(name, types, Types::findType)).value;
    }

    @Override
    public OptionalLong enumerator(String name) {
        Found<OptionalLong> known = enumerators.get(name);
        OptionalLong value = (known != null ? known : find(name, enumerators, EpochTypes::presentEnumerator)).value;
        return value != null ? value : OptionalLong.empty();
    }

    private static OptionalLong presentEnumerator(Types types, String name) {
        OptionalLong value = types.enumerator(name);
        return value.isPresent() ? value : null;
    }

    @Override
    public String enumeratorName(String enumeration, long value) {
        String found = kernel.enumeratorName(enumeration, value);
        for (int i = 0; found == null && i < modules().size(); i++) {
            found = modules().get(i).types().enumeratorName(enumeration, value);
        }
        return found;
    }

    private <T> Found<T> find(String name, NameTable<Found<T>> known, BiFunction<Types, String, T> lookup) {
        T value = lookup.apply(kernel, name);
        for (int i = 0; value == null && i < modules().size(); i++) {
            value = lookup.apply(modules().get(i).types(), name);
        }
        Found<T> found = new Found<>(value);
        if (value != null || loaded) {
            known.put(name, found);
        }
        return found;
    }

    @Override
    public StructType findStructWith(String name, String member) {
        StructType found = kernel.findStructWith(name, member);
        for (int i = 0; found == null && i < modules().size(); i++) {
            found = modules().get(i).types().findStructWith(name, member);
        }
        return found;
    }

    /** Empty while it is being loaded, so that a name asked for by the loading itself cannot come back here. */
    private synchronized List<ModuleTypes.Module> modules() {
        if (modules == null) {
            modules = List.of();
            modules = loader.get();
            loaded = true;
        }
        return modules;
    }
}
