package io.scwatcher.kernel.type;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** C types made from one BTF, each when it is first asked for. */
public final class BtfTypes implements Types {
    /** Longer chains of typedefs, qualifiers or array dimensions do not occur; a cycle would be one. */
    private static final int MAX_CHAIN = 64;

    private static final int MAX_MEMBERS = 1 << 16;
    private static final CType VOID = new CType.Opaque("void");
    private static final int INT_SIGNED = 1;

    private final Btf btf;
    private final BtfTypes base;
    private final AtomicReferenceArray<CType> made;
    private final BtfNames names;
    private volatile BtfEnumerators enumerators;

    /**
     * @param btf the kernel's, or a module's
     * @param base the types of the BTF's own base, null for the kernel's
     */
    public BtfTypes(Btf btf, BtfTypes base) {
        this.btf = btf;
        this.base = base;
        this.made = new AtomicReferenceArray<>(btf.count());
        this.names = new BtfNames(btf);
    }

    /** How many types there are, those of the base not counted. */
    public int count() {
        return btf.count();
    }

    public Btf btf() {
        return btf;
    }

    /** A structure or union by its tag, or by a typedef of it; null if this BTF itself has none. */
    @Override
    public StructType findStruct(String name) {
        int id = names.find(name, BtfNames.STRUCTURES);
        if (id == 0) {
            id = names.find(name, BtfNames.TYPEDEFS);
        }
        return id != 0 && type(id) instanceof StructType struct ? struct : null;
    }

    @Override
    public StructType findStructWith(String name, String member) {
        for (int id : names.findAll(name, BtfNames.STRUCTURES)) {
            if (type(id) instanceof StructType struct && struct.has(member)) {
                return struct;
            }
        }
        return null;
    }

    /** Any type by name, with or without {@code struct}, {@code union}, {@code enum}; null if there is none. */
    @Override
    public CType findType(String name) {
        int space = name.indexOf(' ');
        String first = space < 0 ? "" : name.substring(0, space);
        int id = switch (first) {
            case "struct", "union" -> names.find(name.substring(space + 1), BtfNames.STRUCTURES);
            case "enum" -> names.find(name.substring(space + 1), BtfNames.ENUMERATIONS);
            default -> findAny(name);
        };
        if (id == 0) {
            String alias = BtfNames.otherSpelling(name);
            id = alias == null ? 0 : findAny(alias);
        }
        return id == 0 ? null : type(id);
    }

    private int findAny(String name) {
        int id = names.find(name, BtfNames.STRUCTURES);
        return id != 0 ? id : names.find(name, BtfNames.ALL);
    }

    @Override
    public OptionalLong enumerator(String name) {
        return enumerators().value(name);
    }

    @Override
    public String enumeratorName(String enumeration, long value) {
        int id = names.find(enumeration, BtfNames.ENUMERATIONS);
        if (id == 0) {
            id = underlying(names.find(enumeration, BtfNames.TYPEDEFS));
        }
        return id == 0 || !btf.owns(id) ? null : BtfEnumerators.nameOf(btf, id, value);
    }

    private BtfEnumerators enumerators() {
        BtfEnumerators known = enumerators;
        if (known == null) {
            known = new BtfEnumerators(btf);
            enumerators = known;
        }
        return known;
    }

    /** A type by its id; one made once is handed out always. Ids out of bounds are {@code void}. */
    CType type(int id) {
        return type(id, 0);
    }

    private CType type(int id, int depth) {
        int resolved = underlying(id);
        if (!btf.owns(resolved)) {
            return base == null || resolved <= 0 || resolved >= btf.firstId() ? VOID : base.type(resolved, depth);
        }
        int slot = resolved - btf.firstId();
        CType known = made.get(slot);
        if (known != null) {
            return known;
        }
        CType fresh = make(resolved, id, depth);
        return made.compareAndSet(slot, null, fresh) ? fresh : made.get(slot);
    }

    /** Looks through typedefs, qualifiers and tags. Stops at ids of the base. */
    private int underlying(int id) {
        int at = id;
        for (int i = 0; i < MAX_CHAIN && btf.owns(at); i++) {
            switch (btf.kind(at)) {
                case Btf.KIND_TYPEDEF, Btf.KIND_VOLATILE, Btf.KIND_CONST, Btf.KIND_RESTRICT, Btf.KIND_TYPE_TAG ->
                    at = btf.sizeOrType(at);
                default -> {
                    return at;
                }
            }
        }
        return btf.owns(at) ? 0 : at;
    }

    private CType make(int id, int askedAs, int depth) {
        int size = btf.sizeOrType(id);
        return switch (btf.kind(id)) {
            case Btf.KIND_INT -> new CType.Int(btf.name(id), width(size), (btf.extra(id, 0) >>> 24 & INT_SIGNED) != 0);
            case Btf.KIND_FLOAT -> new CType.Int(btf.name(id), width(size), true);
            case Btf.KIND_ENUM -> new CType.Int(btf.name(id), width(size), enumIsSigned(id));
            case Btf.KIND_ENUM64 -> new CType.Int(btf.name(id), width(size), btf.kindFlag(id));
            case Btf.KIND_PTR -> new CType.Pointer(() -> type(size));
            case Btf.KIND_ARRAY -> array(id, depth);
            case Btf.KIND_STRUCT, Btf.KIND_UNION -> struct(id, askedAs, size);
            case Btf.KIND_FWD -> forward(id);
            default -> new CType.Opaque(btf.name(id));
        };
    }

    /** Unflagged enumerations are of either sign in old BTF: signed if a constant is negative. */
    private boolean enumIsSigned(int id) {
        if (btf.kindFlag(id)) {
            return true;
        }
        for (int i = 0; i < btf.vlen(id); i++) {
            if (btf.extra(id, 2 * i + 1) < 0) {
                return true;
            }
        }
        return false;
    }

    private static int width(int size) {
        return size < 0 || size > 16 ? 0 : size;
    }

    private CType array(int id, int depth) {
        if (depth > MAX_CHAIN) {
            return VOID;
        }
        CType element = type(btf.extra(id, 0), depth + 1);
        int length = btf.extra(id, 2);
        boolean fits = length >= 0 && (long) length * element.size() <= Integer.MAX_VALUE;
        return new CType.Array(element, fits ? length : 0);
    }

    private StructType struct(int id, int askedAs, int size) {
        String name = btf.name(id);
        if (name.isEmpty() && btf.owns(askedAs) && btf.kind(askedAs) == Btf.KIND_TYPEDEF) {
            name = btf.name(askedAs);
        }
        return new StructType(name, Math.max(size, 0), btf.kind(id) == Btf.KIND_UNION, () -> members(id));
    }

    /** What is only declared here may be defined elsewhere in the same BTF. */
    private CType forward(int id) {
        String name = btf.name(id);
        int complete = names.find(name, BtfNames.STRUCTURES);
        return complete == 0 ? new CType.Opaque(name) : type(complete);
    }

    private List<Field> members(int id) {
        boolean bitFields = btf.kindFlag(id);
        int count = Math.min(btf.vlen(id), MAX_MEMBERS);
        Field[] members = new Field[count];
        for (int i = 0; i < count; i++) {
            String name = btf.string(btf.extra(id, 3 * i));
            int typeId = btf.extra(id, 3 * i + 1);
            int where = btf.extra(id, 3 * i + 2);
            int bits = bitFields ? where & 0xff_ffff : where;
            int bitSize = bitFields ? where >>> 24 : 0;
            members[i] = member(name, typeId, bits, bitSize);
        }
        return new ArrayList<>(Arrays.asList(members));
    }

    /** Bit-fields are told in bits from the structure's start; a bit-field's offset here is that of its first byte. */
    private Field member(String name, int typeId, int bits, int bitSize) {
        CType type = type(typeId);
        int size = bitSize != 0 ? bitSize : oldBitSize(typeId);
        if (size == 0 && bits % 8 == 0) {
            return new Field(name, type, bits >>> 3, 0, 0);
        }
        return new Field(name, type, bits >>> 3, bits % 8, size);
    }

    /** Without the kind flag, the width of a bit-field is that of its INT type (pahole before 1.15). */
    private int oldBitSize(int typeId) {
        int id = underlying(typeId);
        if (!btf.owns(id) || btf.kind(id) != Btf.KIND_INT) {
            return 0;
        }
        int bits = btf.extra(id, 0) & 0xff;
        return bits == 8 * btf.sizeOrType(id) ? 0 : bits;
    }
}
