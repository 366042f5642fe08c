package io.scwatcher.vprocfs.pid;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.mm.Mm;
import io.scwatcher.kernel.type.CType;
import io.scwatcher.vprocfs.ProcText;

/** /proc/PID/auxv: fs/proc/base.c {@code auxv_read}; pairs of words up to and with {@code AT_NULL}. */
final class AuxvFile implements TaskFile {
    private static final int PAIR = 2 * Long.BYTES;
    private static final int LONGEST = 4096;

    @Override
    public void print(TaskView view, ProcText out) {
        Mm mm = view.openMemory("auxv_open");
        if (mm == null) {
            return;
        }
        KObject vector = mm.object().at("saved_auxv");
        byte[] bytes = new byte[Math.min(LONGEST, ((CType.Array) vector.type()).size())];
        vector.memory().read(vector.address(), bytes, 0, bytes.length);
        int length = 0;
        boolean last = false;
        while (!last && length + PAIR <= bytes.length) {
            last = isZero(bytes, length);
            length += PAIR;
        }
        out.put(bytes, 0, length);
    }

    private static boolean isZero(byte[] bytes, int offset) {
        for (int i = 0; i < Long.BYTES; i++) {
            if (bytes[offset + i] != 0) {
                return false;
            }
        }
        return true;
    }
}
