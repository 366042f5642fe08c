package io.scwatcher.kernel.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.symbol.Symbol;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** A module's symbol table as it stays in memory (kernel/module/kallsyms.c, {@code module_get_kallsym}). */
public final class ModuleSymbols {
    private static final int MOST = 1 << 20;
    private static final int NAME_LIMIT = 512;
    private static final int LARGEST_STRING_TABLE = 64 << 20;

    private final Kernel kernel;

    public ModuleSymbols(Kernel kernel) {
        this.kernel = kernel;
    }

    /** A module's symbol; {@code type} is the letter as kept, {@code exported} makes it a capital one. */
    public record Entry(long address, char type, String name, boolean exported) {}

    /** The address of a symbol of a driver, whether it is a module or built into the kernel; 0 if there is none. */
    public long find(String module, String name) {
        long[] found = {0};
        for (KObject loaded : new Modules(kernel).all()) {
            if (new Modules(kernel).name(loaded).equals(module)) {
                forEach(loaded, symbol -> found[0] = symbol.name().equals(name) ? symbol.address() : found[0]);
                return found[0];
            }
        }
        return kernel.symbols().find(name).orElse(0);
    }

    /** Of several symbols of one name the one nearest to an address: static data of one file lies together. */
    public long findNear(String module, String name, long address) {
        long builtIn = kernel.symbols().all().filter(symbol -> symbol.name().equals(name))
                .mapToLong(Symbol::address).boxed()
                .min(Comparator.comparingLong(other -> Math.abs(other - address))).orElse(0L);
        boolean isLoaded = new Modules(kernel).all().stream()
                .anyMatch(loaded -> new Modules(kernel).name(loaded).equals(module));
        return isLoaded ? find(module, name) : builtIn;
    }

    /** Hands over all symbols of a module in the table's order, those without a name left out. */
    public void forEach(KObject module, Consumer<Entry> consumer) {
        KObject table = module.ptr("kallsyms");
        long count = table.isNull() ? 0 : table.get("num_symtab");
        if (Long.compareUnsigned(count, MOST) > 0) {
            kernel.anomalies().record("a module with " + Long.toUnsignedString(count) + " symbols");
            return;
        }
        Exports exports = new Exports(module);
        int entrySize = kernel.types().struct("elf64_sym").size();
        byte[] entries = read(table.get("symtab"), (int) count * entrySize);
        byte[] types = read(table.has("typetab") ? table.get("typetab") : 0, (int) count);
        int nameAt = kernel.types().struct("elf64_sym").offsetOf("st_name");
        int valueAt = kernel.types().struct("elf64_sym").offsetOf("st_value");
        int infoAt = kernel.types().struct("elf64_sym").offsetOf("st_info");
        ByteBuffer symbols = ByteBuffer.wrap(entries).order(ByteOrder.LITTLE_ENDIAN);
        long strings = table.get("strtab");
        for (int at = 0, i = 0; at + entrySize <= entries.length; at += entrySize, i++) {
            long nameOffset = Integer.toUnsignedLong(symbols.getInt(at + nameAt));
            String name = nameOffset >= LARGEST_STRING_TABLE ? ""
                    : kernel.memory().string(strings + nameOffset, NAME_LIMIT);
            if (!name.isEmpty()) {
                long value = symbols.getLong(at + valueAt);
                byte type = i < types.length ? types[i] : entries[at + infoAt];
                consumer.accept(new Entry(value, (char) (type & 0xff), name, exports.contain(value, name)));
            }
        }
    }

    private byte[] read(long address, int length) {
        byte[] bytes = new byte[address == 0 ? 0 : length];
        kernel.memory().read(address, bytes, 0, bytes.length);
        return bytes;
    }

    /**
     * What a module exports: its {@code struct kernel_symbol} table, either of pointers or of offsets relative to the
     * member itself ({@code CONFIG_HAVE_ARCH_PREL32_RELOCATIONS}). Up to 7.0 only what is exported without restriction.
     */
    private final class Exports {
        private final Set<String> entries = new HashSet<>();

        Exports(KObject module) {
            long count = module.get("num_syms");
            KObject table = module.ptr("syms");
            if (table.isNull() || Long.compareUnsigned(count, MOST) > 0) {
                return;
            }
            for (long i = 0; i < count; i++) {
                KObject entry = kernel.at(table.address(), "kernel_symbol").index(i);
                boolean isRelative = entry.has("value_offset");
                long value = isRelative ? relative(entry, "value_offset") : entry.get("value");
                long name = isRelative ? relative(entry, "name_offset") : entry.get("name");
                entries.add(key(value, kernel.memory().string(name, NAME_LIMIT)));
            }
        }

        boolean contain(long value, String name) {
            return !entries.isEmpty() && entries.contains(key(value, name));
        }

        private static String key(long value, String name) {
            return Long.toHexString(value) + ' ' + name;
        }

        private static long relative(KObject entry, String member) {
            return entry.at(member).address() + (int) entry.get(member);
        }
    }
}
