package io.scwatcher.vprocfs.sysctl;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.memory.VirtualMemory;
import io.scwatcher.kernel.system.Timekeeping;
import io.scwatcher.vprocfs.ProcText;
import java.util.BitSet;
import java.util.function.LongUnaryOperator;

/** The handlers of kernel/sysctl.c: vectors of numbers separated by tabs, strings, bitmaps, switches. */
final class Vectors {
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final long USER_HZ = 100;

    private Vectors() {}

    /** {@code proc_dointvec} and all that check only what is written. */
    static void ints(Setting setting, ProcText out) {
        signed(setting, out, value -> value);
    }

    /** {@code proc_douintvec}. */
    static void unsignedInts(Setting setting, ProcText out) {
        VirtualMemory memory = setting.kernel().memory();
        int count = setting.isEmpty() ? 0 : setting.size() / Integer.BYTES;
        for (int i = 0; i < count; i++) {
            out.put(i == 0 ? "" : "\t").unsigned(memory.u32(setting.data() + (long) i * Integer.BYTES));
        }
        out.put(count == 0 ? "" : "\n");
    }

    /** {@code proc_dointvec_jiffies}: seconds. */
    static void jiffiesAsSeconds(Setting setting, ProcText out) {
        int hz = Timekeeping.hz(setting.kernel());
        signed(setting, out, jiffies -> jiffies / hz);
    }

    /** {@code proc_dointvec_userhz_jiffies}: ticks of {@code USER_HZ}. */
    static void jiffiesAsUserTicks(Setting setting, ProcText out) {
        long tick = NANOS_PER_SECOND / Timekeeping.hz(setting.kernel());
        signed(setting, out, jiffies -> jiffies * tick / (NANOS_PER_SECOND / USER_HZ));
    }

    /** {@code proc_dointvec_ms_jiffies}. */
    static void jiffiesAsMilliseconds(Setting setting, ProcText out) {
        int hz = Timekeeping.hz(setting.kernel());
        signed(setting, out, jiffies -> (int) (jiffies * 1000 / hz));
    }

    /** {@code proc_doulongvec_minmax}. */
    static void longs(Setting setting, ProcText out) {
        longs(setting, out, value -> value);
    }

    /** {@code proc_doulongvec_ms_jiffies_minmax}. */
    static void longJiffiesAsMilliseconds(Setting setting, ProcText out) {
        int hz = Timekeeping.hz(setting.kernel());
        longs(setting, out, jiffies -> Long.divideUnsigned(jiffies * 1000, hz));
    }

    /** {@code proc_dou8vec_minmax}, {@code proc_dobool}: a single byte. */
    static void octet(Setting setting, ProcText out) {
        if (setting.data() != 0) {
            out.dec(setting.kernel().memory().u8(setting.data())).put('\n');
        }
    }

    /** For settings that shrank from an {@code int} to a byte while their handler kept its name. */
    static void octetOrInts(Setting setting, ProcText out) {
        if (setting.size() == 1) {
            octet(setting, out);
        } else {
            ints(setting, out);
        }
    }

    /** {@code proc_dostring}: what is there up to {@code maxlen}, and a newline. */
    static void string(Setting setting, ProcText out) {
        if (!setting.isEmpty()) {
            out.put(setting.kernel().memory().string(setting.data(), setting.size())).put('\n');
        }
    }

    /** {@code proc_do_large_bitmap}: runs of set bits; {@code maxlen} counts bits, {@code data} points to a pointer. */
    static void bitmap(Setting setting, ProcText out) {
        Kernel kernel = setting.kernel();
        long bits = setting.isEmpty() ? 0 : kernel.memory().u64(setting.data());
        if (bits == 0) {
            return;
        }
        byte[] bytes = new byte[(setting.size() + 7) / 8];
        kernel.memory().read(bits, bytes, 0, bytes.length);
        BitSet set = BitSet.valueOf(bytes);
        int before = out.size();
        for (int start = set.nextSetBit(0); start >= 0 && start < setting.size(); ) {
            int end = Math.min(set.nextClearBit(start), setting.size()) - 1;
            out.put(out.size() == before ? "" : ",").dec(start);
            if (end != start) {
                out.put('-').dec(end);
            }
            start = set.nextSetBit(end + 1);
        }
        out.put('\n');
    }

    /** {@code proc_dodebug}, net/sunrpc/sysctl.c. */
    static void debugFlags(Setting setting, ProcText out) {
        if (!setting.isEmpty()) {
            out.put("0x").hex(setting.kernel().memory().u32(setting.data()), 4).put('\n');
        }
    }

    /** {@code proc_do_static_key}. */
    static void staticKey(Setting setting, ProcText out) {
        out.put(isEnabled(setting.as("static_key")) ? "1\n" : "0\n");
    }

    /** {@code static_key_enabled}. */
    static boolean isEnabled(KObject key) {
        return key.getInt("enabled.counter") > 0;
    }

    private static void signed(Setting setting, ProcText out, LongUnaryOperator unit) {
        VirtualMemory memory = setting.kernel().memory();
        int count = setting.isEmpty() ? 0 : setting.size() / Integer.BYTES;
        for (int i = 0; i < count; i++) {
            int value = (int) memory.u32(setting.data() + (long) i * Integer.BYTES);
            out.put(i == 0 ? "" : "\t").dec(unit.applyAsLong(value));
        }
        out.put(count == 0 ? "" : "\n");
    }

    private static void longs(Setting setting, ProcText out, LongUnaryOperator unit) {
        VirtualMemory memory = setting.kernel().memory();
        int count = setting.isEmpty() ? 0 : setting.size() / Long.BYTES;
        for (int i = 0; i < count; i++) {
            long value = memory.u64(setting.data() + (long) i * Long.BYTES);
            out.put(i == 0 ? "" : "\t").unsigned(unit.applyAsLong(value));
        }
        out.put(count == 0 ? "" : "\n");
    }
}
