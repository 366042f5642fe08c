package io.scwatcher.os.task;

/**
 * Who a task is: struct cred. Immutable; a change makes a new one.
 *
 * @param groups supplementary group IDs; not to be modified
 * @param permitted capability sets, bit n is capability n (include/uapi/linux/capability.h)
 */
public record Credentials(int uid, int euid, int suid, int fsuid, int gid, int egid, int sgid, int fsgid, int[] groups,
                          long inheritable, long permitted, long effective, long bounding, long ambient, int secureBits) {
    /** CAP_LAST_CAP is CAP_CHECKPOINT_RESTORE, 40. */
    public static final long ALL_CAPABILITIES = (1L << 41) - 1;
    public static final int CAP_CHOWN = 0, CAP_DAC_OVERRIDE = 1, CAP_DAC_READ_SEARCH = 2, CAP_FOWNER = 3, CAP_KILL = 5, CAP_SETGID = 6, CAP_SETUID = 7,
            CAP_SETPCAP = 8, CAP_SYS_CHROOT = 18, CAP_SYS_ADMIN = 21, CAP_SYS_NICE = 23, CAP_SYS_RESOURCE = 24, CAP_SYS_TIME = 25;

    /** The superuser with all capabilities. */
    public static Credentials root() {
        return new Credentials(0, 0, 0, 0, 0, 0, 0, 0, new int[0], 0, ALL_CAPABILITIES, ALL_CAPABILITIES, ALL_CAPABILITIES, 0, 0);
    }

    /** An ordinary user without capabilities. */
    public static Credentials user(int uid, int gid) {
        return new Credentials(uid, uid, uid, uid, gid, gid, gid, gid, new int[0], 0, 0, 0, ALL_CAPABILITIES, 0, 0);
    }

    public boolean has(int capability) {
        return (effective >>> capability & 1) != 0;
    }

    /** Whether the file-system group or a supplementary group is this one: in_group_p. */
    public boolean inGroup(int group) {
        if (fsgid == group) {
            return true;
        }
        for (int g : groups) {
            if (g == group) {
                return true;
            }
        }
        return false;
    }

    /** The same with other user IDs; what that does to capabilities is the caller's. */
    public Credentials withUsers(int uid, int euid, int suid, int fsuid) {
        return new Credentials(uid, euid, suid, fsuid, gid, egid, sgid, fsgid, groups, inheritable, permitted, effective, bounding, ambient, secureBits);
    }

    public Credentials withGroups(int gid, int egid, int sgid, int fsgid) {
        return new Credentials(uid, euid, suid, fsuid, gid, egid, sgid, fsgid, groups, inheritable, permitted, effective, bounding, ambient, secureBits);
    }

    public Credentials withSupplementary(int[] groups) {
        return new Credentials(uid, euid, suid, fsuid, gid, egid, sgid, fsgid, groups, inheritable, permitted, effective, bounding, ambient, secureBits);
    }

    public Credentials withCapabilities(long inheritable, long permitted, long effective, long bounding, long ambient) {
        return new Credentials(uid, euid, suid, fsuid, gid, egid, sgid, fsgid, groups, inheritable, permitted, effective, bounding, ambient, secureBits);
    }

    public Credentials withSecureBits(int bits) {
        return new Credentials(uid, euid, suid, fsuid, gid, egid, sgid, fsgid, groups, inheritable, permitted, effective, bounding, ambient, bits);
    }
}
