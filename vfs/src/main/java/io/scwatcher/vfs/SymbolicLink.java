package io.scwatcher.vfs;

/** A symbolic link. */
public non-sealed interface SymbolicLink extends Node {
    /** The text of the link, readlink(2). */
    String target();
}
