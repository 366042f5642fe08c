package io.scwatcher.vprocfs.mount;

import io.scwatcher.kernel.KObject;
import io.scwatcher.vprocfs.ProcText;
import io.scwatcher.vprocfs.pid.PathText;

/** Options that many file systems have in common. */
final class OptionText {
    private OptionText() {}

    /** {@code seq_show_option}: a name and, unless null, a value, escaped. */
    static void option(String name, String value, ProcText out) {
        out.put(',').put(PathText.escape(name, ",= \t\n\\"));
        if (value != null) {
            out.put('=').put(PathText.escape(value, ", \t\n\\"));
        }
    }

    /** {@code uid} and {@code gid} of a structure, where they are not root's. */
    static void owner(KObject options, ProcText out) {
        long uid = options.get("uid.val") & 0xffff_ffffL;
        long gid = options.get("gid.val") & 0xffff_ffffL;
        if (uid != 0) {
            out.put(",uid=").unsigned(uid);
        }
        if (gid != 0) {
            out.put(",gid=").unsigned(gid);
        }
    }

    /** A mode in octal, where it is not the usual one. */
    static void mode(long mode, int usual, ProcText out) {
        if (mode != usual) {
            out.put(",mode=").octal(mode);
        }
    }

    /** {@code %03o}. */
    static void octal3(long value, ProcText out) {
        String digits = Long.toOctalString(value);
        out.put("0".repeat(Math.max(0, 3 - digits.length()))).put(digits);
    }
}
