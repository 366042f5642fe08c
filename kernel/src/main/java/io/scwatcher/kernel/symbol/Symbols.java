package io.scwatcher.kernel.symbol;

import java.util.OptionalLong;
import java.util.stream.Stream;

/** The kernel's symbol table with the addresses of this boot. Per-CPU symbols are as kallsyms gives them. */
public interface Symbols {
    /** The address of a symbol of the kernel itself (not of a module), or empty. The first of several of one name. */
    OptionalLong find(String name);

    default boolean has(String name) {
        return find(name).isPresent();
    }

    /** The symbol that contains an address, with the offset into it, or null. */
    Symbol containing(long address);

    /** All in the table's own order, as /proc/kallsyms lists them. */
    Stream<Symbol> all();
}
