package io.scwatcher.kernel.type;

import java.util.List;
import java.util.function.Supplier;

/** A structure or union with its members. Lookups by path are resolved once and remembered. */
public final class StructType implements CType {
    private static final Field ABSENT = new Field("", new CType.Opaque(""), 0, 0, 0);

    private final String name;
    private final int size;
    private final boolean union;
    private final Supplier<List<Field>> memberResolver;
    private final NameTable<Field> resolved = new NameTable<>();
    private volatile List<Field> members;

    /**
     * @param members the direct members, in order, each with its own name as path; an unnamed one has an empty path
     */
    public StructType(String name, int size, boolean union, Supplier<List<Field>> members) {
        this.name = name;
        this.size = size;
        this.union = union;
        this.memberResolver = members;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int size() {
        return size;
    }

    public boolean isUnion() {
        return union;
    }

    /** The direct members in order of declaration. */
    public List<Field> members() {
        List<Field> known = members;
        if (known == null) {
            known = List.copyOf(memberResolver.get());
            members = known;
        }
        return known;
    }

    public boolean has(String path) {
        return find(path) != ABSENT;
    }

    /**
     * A member by its path: names joined by dots, members of unnamed structures and unions as if they were the outer
     * structure's own (as in C), array elements as {@code name[3]}.
     *
     * @throws NoSuchFieldInKernel if this kernel's structure has no such member
     */
    public Field field(String path) {
        Field field = find(path);
        if (field == ABSENT) {
            throw new NoSuchFieldInKernel(name, path);
        }
        return field;
    }

    /** The offset of a member in bytes. */
    public int offsetOf(String path) {
        return field(path).offset();
    }

    private Field find(String path) {
        Field known = resolved.get(path);
        return known != null ? known : resolve(path);
    }

    private Field resolve(String path) {
        Field found = new FieldPath(path).resolve(this);
        Field field = found == null ? ABSENT : found;
        resolved.put(path, field);
        return field;
    }

    @Override
    public String toString() {
        return (union ? "union " : "struct ") + name;
    }
}
