package io.scwatcher.kernel.type;

import java.util.OptionalLong;

/** The C types of the guest's kernel and of its modules. */
public interface Types {
    /** A structure or union by name, or null. */
    StructType findStruct(String name);

    /** Any type by name, or null: {@code int}, {@code pid_t}, {@code task_struct}. */
    CType findType(String name);

    /**
     * A structure or union by name.
     *
     * @throws NoSuchFieldInKernel if this kernel has none of that name
     */
    default StructType struct(String name) {
        StructType found = findStruct(name);
        if (found == null) {
            throw new NoSuchFieldInKernel("types", "struct " + name);
        }
        return found;
    }

    /** Of several structures of one name the first that has a member, or null. */
    default StructType findStructWith(String name, String member) {
        StructType found = findStruct(name);
        return found != null && found.has(member) ? found : null;
    }

    default boolean hasStruct(String name) {
        return findStruct(name) != null;
    }

    /**
     * Any type by name.
     *
     * @throws NoSuchFieldInKernel if this kernel has none of that name
     */
    default CType type(String name) {
        CType found = findType(name);
        if (found == null) {
            throw new NoSuchFieldInKernel("types", name);
        }
        return found;
    }

    /** The value of an enumeration constant, such as {@code NR_FREE_PAGES}; empty if the kernel has none. */
    OptionalLong enumerator(String name);

    /** Names of an enumeration's constants by value, for enumerations that number things; null where none. */
    String enumeratorName(String enumeration, long value);
}
