package io.scwatcher.kernel.type;

/** The guest's kernel has no such structure member, type or symbol. Asked by name, so the message names it. */
public final class NoSuchFieldInKernel extends RuntimeException {
    public NoSuchFieldInKernel(String container, String name) {
        super("this kernel has no '%s' in '%s'".formatted(name, container));
    }
}
