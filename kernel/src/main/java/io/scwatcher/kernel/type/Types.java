package io.scwatcher.kernel.type;

import java.util.OptionalLong;

/** The C types of the guest's kernel and of its modules. */
public interface Types {
    /**
     * A structure or union by name.
     *
     * @throws NoSuchFieldInKernel if this kernel has none of that name
     */
    StructType struct(String name);

    boolean hasStruct(String name);

    /** Any type by name: {@code int}, {@code pid_t}, {@code task_struct}. */
    CType type(String name);

    /** The value of an enumeration constant, such as {@code NR_FREE_PAGES}; empty if the kernel has none. */
    OptionalLong enumerator(String name);

    /** Names of an enumeration's constants by value, for enumerations that number things; null where none. */
    String enumeratorName(String enumeration, long value);
}
