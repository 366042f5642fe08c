package io.scwatcher.os.mm;

import io.scwatcher.os.fs.Location;

/**
 * The note on a mapping of a file: what /proc/PID/maps shows, and whether mprotect(2) may make it writable (VM_MAYWRITE).
 *
 * @param location null for an object without a name in the tree
 */
public record MappedFile(Location location, boolean mayWrite) {}
