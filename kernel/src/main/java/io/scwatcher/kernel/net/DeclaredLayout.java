package io.scwatcher.kernel.net;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.type.CType;
import io.scwatcher.kernel.type.Field;
import io.scwatcher.kernel.type.NoSuchFieldInKernel;
import io.scwatcher.kernel.type.StructType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Structures of drivers that a guest does not describe: its own type information covers modules since 5.11 only. They
 * are laid out by the compiler's rules from the members that the driver's source declares ({@link DriverStructures})
 * and from the guest's types of what lies in them. Who uses them checks that what is found makes sense.
 */
public final class DeclaredLayout {
    private static final int POINTER_SIZE = 8;

    private final Kernel kernel;
    private final Map<String, StructType> known = new HashMap<>();

    private DeclaredLayout(Kernel kernel) {
        this.kernel = kernel;
    }

    /**
     * A structure as the guest describes it, or else as declared.
     *
     * @throws NoSuchFieldInKernel if it is neither described nor declared
     */
    static StructType of(Kernel kernel, String structure) {
        return new DeclaredLayout(kernel).struct(structure);
    }

    /** A place in memory seen as such a structure. */
    public static KObject at(Kernel kernel, long address, String structure) {
        return new KObject(kernel, of(kernel, structure), address);
    }

    private StructType struct(String name) {
        if (kernel.types().hasStruct(name)) {
            return kernel.types().struct(name);
        }
        StructType laidOut = known.get(name);
        if (laidOut == null) {
            List<String> declarations = DriverStructures.MEMBERS.get(name);
            if (declarations == null) {
                throw new NoSuchFieldInKernel("types", "struct " + name);
            }
            laidOut = layOut(name, declarations);
            known.put(name, laidOut);
        }
        return laidOut;
    }

    private StructType layOut(String name, List<String> declarations) {
        List<Field> members = new ArrayList<>();
        int offset = 0;
        int alignment = 1;
        for (String declaration : declarations) {
            String[] words = declaration.split(" ");
            String member = words[words.length - 1];
            CType type = type(words[0]);
            int bracket = member.indexOf('[');
            if (bracket >= 0) {
                type = new CType.Array(type, length(member.substring(bracket + 1, member.length() - 1)));
                member = member.substring(0, bracket);
            }
            int own = words.length == 3 ? Integer.parseInt(words[1].substring(1)) : alignment(type);
            offset = roundUp(offset, own);
            alignment = Math.max(alignment, own);
            members.add(new Field(member, type, offset, 0, 0));
            offset += type.size();
        }
        return new StructType(name, roundUp(offset, alignment), false, () -> members);
    }

    /** The frame limit of a packet is the kernel's own choice: {@code MAX_SKB_FRAGS}. */
    private int length(String text) {
        if (text.equals("MAX_SKB_FRAGS+2")) {
            return ((CType.Array) kernel.types().struct("skb_shared_info").field("frags").type()).length() + 2;
        }
        return Integer.parseInt(text);
    }

    private CType type(String name) {
        if (name.startsWith("*")) {
            String target = name.substring(1);
            return new CType.Pointer(() -> target.isEmpty() ? new CType.Opaque("void") : struct(target));
        }
        return switch (name) {
            case "u64" -> new CType.Int("u64", 8, false);
            case "u32" -> new CType.Int("u32", 4, false);
            case "u16" -> new CType.Int("u16", 2, false);
            case "u8" -> new CType.Int("u8", 1, false);
            default -> struct(name);
        };
    }

    private static int alignment(CType type) {
        return switch (type) {
            case CType.Pointer pointer -> POINTER_SIZE;
            case CType.Array array -> alignment(array.element());
            case StructType struct -> struct.members().stream().mapToInt(field -> alignment(field.type())).max().orElse(1);
            default -> Math.max(1, type.size());
        };
    }

    private static int roundUp(int offset, int alignment) {
        return (offset + alignment - 1) / alignment * alignment;
    }
}
