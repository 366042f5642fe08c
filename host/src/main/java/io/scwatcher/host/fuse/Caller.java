package io.scwatcher.host.fuse;

/**
 * Who made a file-system call on the mount. While nodes are asked on its behalf, {@link #CURRENT} holds it.
 *
 * @param uid effective (file-system) user
 * @param gid effective (file-system) group
 * @param tid thread id in the PID namespace of the process that opened {@code /dev/fuse}; 0 if it is not visible there
 */
public record Caller(int uid, int gid, int tid) {
    /** Bound during every call on a node of a mounted tree. */
    public static final ScopedValue<Caller> CURRENT = ScopedValue.newInstance();
}
