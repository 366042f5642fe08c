package io.scwatcher.vprocfs.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.system.Variables;
import io.scwatcher.vprocfs.ProcText;
import io.scwatcher.vprocfs.SystemFile;

/**
 * /proc/mtrr (arch/x86/kernel/cpu/mtrr/if.c, {@code mtrr_seq_show}). The kernel asks the CPU; the same ranges stand in
 * {@code mtrr_state}, read at boot and kept up to date by every change that goes through the kernel.
 */
final class MtrrFile implements SystemFile {
    private static final int VALID = 0x800;
    private static final long PAGE_MASK = ~0xfffL;
    private static final int PAGES_PER_MEGABYTE = 256;
    private static final int MOST = 64;
    private static final String[] TYPES = {"uncachable", "write-combining", "?", "?", "write-through",
        "write-protect", "write-back"};

    @Override
    public void print(Kernel kernel, ProcText out) {
        Variables variables = new Variables(kernel);
        KObject ranges = kernel.object("mtrr_state", "mtrr_state_type").at("var_ranges");
        long count = Math.min(MOST, variables.u32("num_var_ranges"));
        for (int i = 0; i < count; i++) {
            long mask = ranges.index(i).get("mask_hi") << 32 | ranges.index(i).get("mask_lo");
            if ((mask & VALID) != 0) {
                long base = ranges.index(i).get("base_hi") << 32 | ranges.index(i).get("base_lo");
                int used = (int) kernel.memory().u32(kernel.address("mtrr_usage_table") + (long) i * Integer.BYTES);
                print(i, base, mask & PAGE_MASK, used, out);
            }
        }
    }

    private static void print(int number, long base, long mask, int used, ProcText out) {
        int type = (int) base & 0xff;
        long pages = -(mask == 0 ? 0 : mask | -Long.highestOneBit(mask)) >>> 12;
        if (pages == 0) {
            return;
        }
        long frame = base >>> 12;
        boolean isSmall = pages < PAGES_PER_MEGABYTE;
        out.put("reg").zeroPadded(number, 2).put(": base=0x").hex(frame, 6).put("000 (");
        out.unsigned(frame / PAGES_PER_MEGABYTE, 5).put("MB), size=");
        out.unsigned(isSmall ? pages * 4 : pages / PAGES_PER_MEGABYTE, 5).put(isSmall ? 'K' : 'M').put("B, count=");
        out.dec(used).put(": ").put(type < TYPES.length ? TYPES[type] : "?").put('\n');
    }
}
