package io.scwatcher.kernel.task;

import io.scwatcher.kernel.KObject;

/**
 * Who a task acts as.
 *
 * @param object the {@code struct cred}
 */
public record Credentials(KObject object) {
    /** {@code NGROUPS_MAX}. */
    private static final int MOST_GROUPS = 65536;

    /** A user id of the given kind ({@code uid}, {@code euid}, {@code suid}, {@code fsuid}), global. */
    public int uid(String kind) {
        return object.getInt(kind + ".val");
    }

    /** A group id of the given kind ({@code gid}, {@code egid}, {@code sgid}, {@code fsgid}), global. */
    public int gid(String kind) {
        return object.getInt(kind + ".val");
    }

    /** The supplementary groups, global. */
    public int[] groups() {
        KObject info = object.ptr("group_info");
        int count = Math.clamp(info.get("ngroups"), 0, MOST_GROUPS);
        int[] groups = new int[count];
        for (int i = 0; i < count; i++) {
            groups[i] = info.at("gid").index(i).getInt("val");
        }
        return groups;
    }

    /** A capability set of 64 bits: {@code cap_effective} and its relatives. */
    public long capabilities(String set) {
        // 6.3 made it one 64-bit word.
        return object.has(set + ".val") ? object.get(set + ".val")
                : object.get(set + ".cap[0]") | object.get(set + ".cap[1]") << 32;
    }

    public KObject userNamespace() {
        return object.ptr("user_ns");
    }
}
