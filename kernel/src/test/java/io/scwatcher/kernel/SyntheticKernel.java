package io.scwatcher.kernel;

import io.scwatcher.kernel.memory.MemoryFault;
import io.scwatcher.kernel.memory.VirtualMemory;
import io.scwatcher.kernel.symbol.Symbol;
import io.scwatcher.kernel.symbol.Symbols;
import io.scwatcher.kernel.type.CType;
import io.scwatcher.kernel.type.Field;
import io.scwatcher.kernel.type.StructType;
import io.scwatcher.kernel.type.Types;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A kernel for tests: a few pages of memory and the structures that a test declares. */
public final class SyntheticKernel implements Kernel {
    public static final CType U8 = new CType.Int("unsigned char", 1, false);
    public static final CType U64 = new CType.Int("unsigned long", 8, false);
    /** From one CPU's copy of a variable to that of the next. */
    public static final long PER_CPU = 0x10000;
    public static final CType U32 = new CType.Int("unsigned int", 4, false);
    public static final CType POINTER = new CType.Pointer(() -> new CType.Opaque("void"));

    private final Map<Long, byte[]> pages = new HashMap<>();
    private final Map<String, StructType> structs = new HashMap<>();
    private final Map<String, Long> enumerators = new HashMap<>();
    private final Map<String, Long> symbols = new HashMap<>();
    private int cpus = 1;
    private final Anomalies anomalies = new Anomalies();
    private final ConcurrentMap<Object, Object> bootFacts = new ConcurrentHashMap<>();
    private final Memory memory = new Memory();

    /** Declares a structure whose members follow each other without padding: name, type, name, type, ... */
    public StructType declare(String name, Object... namesAndTypes) {
        List<Field> members = new ArrayList<>();
        int offset = 0;
        for (int i = 0; i < namesAndTypes.length; i += 2) {
            CType type = (CType) namesAndTypes[i + 1];
            members.add(new Field((String) namesAndTypes[i], type, offset, 0, 0));
            offset += type.size();
        }
        StructType struct = new StructType(name, offset, false, () -> members);
        structs.put(name, struct);
        return struct;
    }

    public void enumerator(String name, long value) {
        enumerators.put(name, value);
    }

    /** Declares a variable or function of the kernel. */
    public void symbol(String name, long address) {
        symbols.put(name, address);
    }

    /** How many CPUs there are, all of them online. */
    public void cpus(int count) {
        cpus = count;
    }

    /** Writes text with a NUL behind it. */
    public void putText(long address, String text) {
        for (int i = 0; i < text.length(); i++) {
            putByte(address + i, text.charAt(i));
        }
        putByte(address + text.length(), 0);
    }

    /** Writes eight bytes, mapping their page. */
    public void put(long address, long value) {
        for (int i = 0; i < Long.BYTES; i++) {
            page(address + i)[(int) (address + i & 0xfff)] = (byte) (value >>> 8 * i);
        }
    }

    public void putByte(long address, int value) {
        page(address)[(int) (address & 0xfff)] = (byte) value;
    }

    private byte[] page(long address) {
        return pages.computeIfAbsent(address >>> 12, _ -> new byte[4096]);
    }

    @Override
    public Types types() {
        return new Types() {
            @Override
            public StructType findStruct(String name) {
                return structs.get(name);
            }

            @Override
            public CType findType(String name) {
                return structs.get(name);
            }

            @Override
            public OptionalLong enumerator(String name) {
                Long value = enumerators.get(name);
                return value == null ? OptionalLong.empty() : OptionalLong.of(value);
            }

            @Override
            public String enumeratorName(String enumeration, long value) {
                return null;
            }
        };
    }

    @Override
    public VirtualMemory memory() {
        return memory;
    }

    @Override
    public ConcurrentMap<Object, Object> bootFacts() {
        return bootFacts;
    }

    @Override
    public Anomalies anomalies() {
        return anomalies;
    }

    @Override
    public Symbols symbols() {
        return new Symbols() {
            @Override
            public OptionalLong find(String name) {
                Long address = symbols.get(name);
                return address == null ? OptionalLong.empty() : OptionalLong.of(address);
            }

            @Override
            public Symbol containing(long address) {
                return all().filter(symbol -> symbol.address() <= address)
                        .max(Comparator.comparing(Symbol::address)).orElse(null);
            }

            @Override
            public Stream<Symbol> all() {
                return symbols.entrySet().stream().map(each -> new Symbol(each.getValue(), 'T', each.getKey()));
            }
        };
    }

    @Override
    public VirtualMemory addressSpace(long pgd) {
        throw new UnsupportedOperationException();
    }

    @Override
    public VirtualMemory physicalMemory() {
        throw new UnsupportedOperationException();
    }

    @Override
    public String release() {
        return "synthetic";
    }

    @Override
    public long perCpu(long variable, int cpu) {
        return variable + cpu * PER_CPU;
    }

    @Override
    public int[] possibleCpus() {
        return IntStream.range(0, cpus).toArray();
    }

    @Override
    public int[] onlineCpus() {
        return possibleCpus();
    }

    @Override
    public long directMap(long physical) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long pageToPhysical(long page) {
        throw new UnsupportedOperationException();
    }

    private final class Memory implements VirtualMemory {
        @Override
        public int u8(long address) {
            byte[] page = pages.get(address >>> 12);
            if (page == null) {
                throw new MemoryFault(address);
            }
            return page[(int) (address & 0xfff)] & 0xff;
        }

        @Override
        public int u16(long address) {
            return u8(address) | u8(address + 1) << 8;
        }

        @Override
        public long u32(long address) {
            return Integer.toUnsignedLong(u16(address) | u16(address + 2) << 16);
        }

        @Override
        public long u64(long address) {
            byte[] bytes = new byte[Long.BYTES];
            read(address, bytes, 0, bytes.length);
            return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        }

        @Override
        public void read(long address, byte[] destination, int offset, int length) {
            for (int i = 0; i < length; i++) {
                destination[offset + i] = (byte) u8(address + i);
            }
        }

        @Override
        public int readSome(long address, byte[] destination, int offset, int length) {
            int count = 0;
            while (count < length && isMapped(address + count)) {
                destination[offset + count] = (byte) u8(address + count);
                count++;
            }
            return count;
        }

        @Override
        public String string(long address, int limit) {
            byte[] bytes = new byte[limit];
            int length = 0;
            while (length < limit && u8(address + length) != 0) {
                bytes[length] = (byte) u8(address + length);
                length++;
            }
            return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
        }

        @Override
        public boolean isMapped(long address) {
            return pages.containsKey(address >>> 12);
        }

        @Override
        public long physical(long address) {
            return isMapped(address) ? address : -1;
        }
    }
}
