package io.scwatcher.attestation.policy;

import java.util.Set;

/**
 * What a policy demands of one property: one of some values, or said aloud, any.
 *
 * @param <T> the property's type
 */
public sealed interface Requirement<T> {
    record Any<T>() implements Requirement<T> {}

    /** @param values not empty */
    record OneOf<T>(Set<T> values) implements Requirement<T> {
        public OneOf {
            values = Set.copyOf(values);
            if (values.isEmpty()) {
                throw new IllegalArgumentException("a requirement that nothing fulfils");
            }
        }
    }

    static <T> Requirement<T> any() {
        return new Any<>();
    }

    @SafeVarargs
    static <T> Requirement<T> is(T... values) {
        return new OneOf<>(Set.of(values));
    }

    default boolean isAny() {
        return this instanceof Any;
    }

    /** @param value null where the property is absent, which fulfils {@link #any} only */
    default boolean accepts(T value) {
        return switch (this) {
            case Any<T> _ -> true;
            case OneOf<T>(Set<T> values) -> value != null && values.contains(value);
        };
    }
}
