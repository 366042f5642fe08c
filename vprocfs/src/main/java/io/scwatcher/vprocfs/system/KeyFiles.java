package io.scwatcher.vprocfs.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.system.Keys;
import io.scwatcher.kernel.system.Variables;
import io.scwatcher.vprocfs.ProcText;

/** /proc/key-users (security/keys/proc.c, {@code proc_key_users_show}). */
final class KeyFiles {
    private KeyFiles() {}

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
