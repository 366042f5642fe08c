package io.scwatcher.vprocfs.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.system.FunctionNames;
import io.scwatcher.kernel.system.Keys;
import io.scwatcher.kernel.system.Timekeeping;
import io.scwatcher.kernel.system.Variables;
import io.scwatcher.vprocfs.ProcText;

/** /proc/keys and /proc/key-users as root reads them (security/keys/proc.c). */
final class KeyFiles {
    private KeyFiles() {}

    private static final int KEY_NEED_VIEW = 1;
    private static final int USER_SHIFT = 16;
    private static final int GROUP_SHIFT = 8;
    private static final String[] UNITS = {"s", "m", "h", "d", "w"};
    private static final long[] SECONDS = {1, 60, 3600, 86_400, 604_800};

    /**
     * {@code proc_keys_show}: the keys that root may view by their owner's, group's and others' permissions; a reader that
     * possesses more through its keyrings sees more.
     */
    static void printKeys(Kernel kernel, ProcText out) {
        FunctionNames functions = new FunctionNames(kernel);
        long now = Math.floorDiv(new Timekeeping(kernel).real(), 1_000_000_000L);
        for (KObject key : new Keys(kernel).all()) {
            if ((permissions(key) & KEY_NEED_VIEW) != 0) {
                print(key, functions, now, out);
            }
        }
    }

    private static long permissions(KObject key) {
        long all = key.get("perm");
        return (key.get("uid.val") & 0xffff_ffffL) == 0 ? all >>> USER_SHIFT
                : (key.get("gid.val") & 0xffff_ffffL) == 0 ? all >>> GROUP_SHIFT : all;
    }

    private static void print(KObject key, FunctionNames functions, long now, ProcText out) {
        int state = (short) key.get("state");
        long flags = key.get("flags");
        out.hex(key.get("serial") & 0xffff_ffffL, 8).put(' ').put(state != 0 ? 'I' : '-');
        out.put((flags & 2) != 0 ? 'R' : '-').put((flags & 1) != 0 ? 'D' : '-').put((flags & 4) != 0 ? 'Q' : '-');
        out.put((flags & 8) != 0 ? 'U' : '-').put(state < 0 ? 'N' : '-').put((flags & 32) != 0 ? 'i' : '-');
        out.put(' ').dec(key.getInt("usage"), 5).put(' ').right(expiry(key.get("expiry"), now), 4).put(' ');
        out.hex(key.get("perm") & 0xffff_ffffL, 8).put(' ').dec(overflowing(key.get("uid.val")), 5).put(' ');
        out.dec(overflowing(key.get("gid.val")), 5).put(' ');
        KObject type = key.ptr("type");
        String name = type.string("name", 64);
        out.left(name.substring(0, Math.min(9, name.length())), 9).put(' ');
        KeyDescriptions.print(key, type.get("describe") == 0 ? "" : functions.name(type.get("describe")), state, out);
        out.put('\n');
    }

    /** {@code from_kuid_munged}: an id that there is not shows as that of nobody. */
    private static long overflowing(long id) {
        return (int) id == -1 ? 65_534 : id & 0xffff_ffffL;
    }

    /** Without an end it is 0 up to 6.6 and the largest time since. */
    private static String expiry(long expiry, long now) {
        if (expiry == 0 || expiry == Long.MAX_VALUE) {
            return "perm";
        }
        if (now >= expiry) {
            return "expd";
        }
        long left = expiry - now;
        int unit = left < 60 ? 0 : left < 3600 ? 1 : left < 86_400 ? 2 : left < 604_800 ? 3 : 4;
        return left / SECONDS[unit] + UNITS[unit];
    }

    static void printUsers(Kernel kernel, ProcText out) {
        Variables variables = new Variables(kernel);
        for (KObject user : new Keys(kernel).users()) {
            long uid = user.get("uid.val") & 0xffff_ffffL;
            String quota = uid == 0 ? "key_quota_root_max" : "key_quota_max";
            out.unsigned(uid, 5).put(": ").dec(user.getInt("usage"), 5);
            out.put(' ').dec(user.getInt("nkeys")).put('/').dec(user.getInt("nikeys"));
            out.put(' ').dec(user.getInt("qnkeys")).put('/').dec(variables.s32(quota + "keys"));
            out.put(' ').dec(user.getInt("qnbytes")).put('/').dec(variables.s32(quota + "bytes")).put('\n');
        }
    }
}
