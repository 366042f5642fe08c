package io.scwatcher.kernel.type;

/**
 * A C type of the guest's kernel, as its BTF describes it. Qualifiers, typedefs and tags are resolved away, so that
 * {@code pid_t} and {@code const int} are both {@link Int}.
 */
public sealed interface CType permits CType.Int, CType.Pointer, CType.Array, StructType, CType.Opaque {
    /** The type's C name without {@code struct}, {@code union} or {@code enum}; empty if it has none. */
    String name();

    /** Bytes; 0 for incomplete types. */
    int size();

    /** Integers, {@code char}, {@code bool}, enumerations and (with {@code isFloat}) floating point. */
    record Int(String name, int size, boolean signed) implements CType {}

    /** A pointer. {@link #target()} is resolved on demand since types refer to each other in circles. */
    final class Pointer implements CType {
        private final java.util.function.Supplier<CType> resolver;
        private CType target;

        public Pointer(java.util.function.Supplier<CType> resolver) {
            this.resolver = resolver;
        }

        public CType target() {
            if (target == null) {
                target = resolver.get();
            }
            return target;
        }

        @Override
        public String name() {
            return "";
        }

        @Override
        public int size() {
            return Long.BYTES;
        }

        /** Names the target only where it is known already, since it may lead back here. */
        @Override
        public String toString() {
            return target == null ? "pointer" : "pointer to " + target.name();
        }
    }

    /**
     * An array.
     *
     * @param length elements; 0 for a flexible array member
     */
    record Array(CType element, int length) implements CType {
        @Override
        public String name() {
            return "";
        }

        @Override
        public int size() {
            return element.size() * length;
        }
    }

    /** {@code void}, function prototypes, forward declarations. */
    record Opaque(String name) implements CType {
        @Override
        public int size() {
            return 0;
        }
    }
}
