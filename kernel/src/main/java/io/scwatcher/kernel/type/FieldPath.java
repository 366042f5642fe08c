package io.scwatcher.kernel.type;

/** Resolves {@code a.b[2].c} against a structure, looking through unnamed members as C does. */
final class FieldPath {
    /** Unnamed members nest a few levels deep; damaged types may contain themselves. */
    private static final int MAX_DEPTH = 16;

    private static final int MAX_MEMBERS_SEEN = 1 << 16;

    private final String path;
    private int membersSeen;

    FieldPath(String path) {
        this.path = path;
    }

    /** The member, or null if there is none. */
    Field resolve(StructType outermost) {
        CType type = outermost;
        Field result = null;
        int offset = 0;
        for (String step : path.split("\\.")) {
            int bracket = step.indexOf('[');
            String memberName = bracket < 0 ? step : step.substring(0, bracket);
            Field member = type instanceof StructType struct ? direct(struct, memberName, 0, 0) : null;
            if (member == null) {
                return null;
            }
            offset += member.offset();
            type = member.type();
            if (bracket >= 0) {
                int index = Integer.parseInt(step.substring(bracket + 1, step.length() - 1));
                if (!(type instanceof CType.Array array)) {
                    return null;
                }
                offset += index * array.element().size();
                type = array.element();
            }
            result = new Field(path, type, offset, member.bitOffset(), member.bitSize());
        }
        return result;
    }

    private Field direct(StructType struct, String name, int base, int depth) {
        for (Field member : struct.members()) {
            if (++membersSeen > MAX_MEMBERS_SEEN) {
                return null;
            }
            if (member.path().equals(name)) {
                return new Field(name, member.type(), base + member.offset(), member.bitOffset(), member.bitSize());
            }
            if (depth < MAX_DEPTH && member.path().isEmpty() && member.type() instanceof StructType inner) {
                Field found = direct(inner, name, base + member.offset(), depth + 1);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }
}
