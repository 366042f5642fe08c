package io.scwatcher.vprocfs;

import io.scwatcher.kernel.Anomalies;
import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;

/** A kernel for tests of printers: one stretch of memory from address 0x1000 on, and what a test declares. */
public final class TestKernel implements Kernel {
    public static final CType U32 = new CType.Int("unsigned int", 4, false);
    public static final CType S32 = new CType.Int("int", 4, true);
    public static final CType U64 = new CType.Int("unsigned long", 8, false);
    private static final int START = 0x1000;

    private final ByteBuffer bytes = ByteBuffer.allocate(0x10000).order(ByteOrder.LITTLE_ENDIAN);
    private final Map<String, StructType> structs = new HashMap<>();
    private final Map<String, Long> symbols = new HashMap<>();
    private final Anomalies anomalies = new Anomalies();
    private final ConcurrentMap<Object, Object> bootFacts = new ConcurrentHashMap<>();

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

    public void symbol(String name, long address) {
        symbols.put(name, address);
    }

    public void put32(int address, int value) {
        bytes.putInt(address - START, value);
    }

    public void put64(int address, long value) {
        bytes.putLong(address - START, value);
    }

    public void putText(int address, String text) {
        bytes.put(address - START, (text + '\0').getBytes(StandardCharsets.ISO_8859_1));
    }

    public KObject object(long address, String structure) {
        return at(address, structure);
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
                return OptionalLong.empty();
            }

            @Override
            public String enumeratorName(String enumeration, long value) {
                return null;
            }
        };
    }

    @Override
    public Symbols symbols() {
        return new Symbols() {
            @Override
            public OptionalLong find(String name) {
                return symbols.containsKey(name) ? OptionalLong.of(symbols.get(name)) : OptionalLong.empty();
            }

            @Override
            public Symbol containing(long address) {
                return null;
            }

            @Override
            public Stream<Symbol> all() {
                return Stream.empty();
            }
        };
    }

    @Override
    public VirtualMemory memory() {
        return new Memory();
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
        return "test";
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
    public long perCpu(long variable, int cpu) {
        return variable;
    }

    @Override
    public int[] possibleCpus() {
        return new int[] {0};
    }

    @Override
    public int[] onlineCpus() {
        return new int[] {0};
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
            if (!isMapped(address)) {
                throw new MemoryFault(address);
            }
            return bytes.get((int) address - START) & 0xff;
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
            return u32(address) | u32(address + 4) << 32;
        }

        @Override
        public void read(long address, byte[] destination, int offset, int length) {
            for (int i = 0; i < length; i++) {
                destination[offset + i] = (byte) u8(address + i);
            }
        }

        @Override
        public int readSome(long address, byte[] destination, int offset, int length) {
            read(address, destination, offset, length);
            return length;
        }

        @Override
        public String string(long address, int limit) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < limit && u8(address + i) != 0; i++) {
                text.append((char) u8(address + i));
            }
            return text.toString();
        }

        @Override
        public boolean isMapped(long address) {
            return address >= START && address - START < bytes.capacity();
        }

        @Override
        public long physical(long address) {
            return isMapped(address) ? address : -1;
        }
    }
}
