package io.scwatcher.vprocfs.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.collection.Lists;
import io.scwatcher.kernel.system.Consoles;
import io.scwatcher.kernel.system.NumberedDevices;
import io.scwatcher.kernel.system.Variables;
import io.scwatcher.vprocfs.ProcText;

/** /proc/devices, /proc/misc, /proc/consoles, /proc/fb and /proc/tty/ldiscs. */
final class DeviceFiles {
    private static final int NAME_LIMIT = 256;
    private static final int MOST_DISCIPLINES = 64;
    /** {@code FB_MAX}, include/uapi/linux/fb.h. */
    private static final int FB_MAX = 32;
    /** include/linux/console.h; an enumeration since 6.6. */
    private static final int CON_NBCON = 1 << 8;
    private static final int[] CONSOLE_FLAGS = {1 << 2, 1 << 1, 1 << 3, CON_NBCON, 1, 1 << 5, 1 << 4};
    private static final String CONSOLE_LETTERS = "ECBNpba";

    private DeviceFiles() {}

    /** fs/proc/devices.c. */
    static void printMajors(Kernel kernel, ProcText out) {
        NumberedDevices devices = new NumberedDevices(kernel);
        out.put("Character devices:\n");
        devices.character().forEach(each -> out.dec(each.major(), 3).put(' ').put(each.name()).put('\n'));
        if (new Variables(kernel).has("major_names")) {
            out.put("\nBlock devices:\n");
            devices.block().forEach(each -> out.dec(each.major(), 3).put(' ').put(each.name()).put('\n'));
        }
    }

    /** drivers/char/misc.c, {@code misc_seq_show}. */
    static void printMisc(Kernel kernel, ProcText out) {
        for (KObject device : Lists.list(kernel.object("misc_list", "list_head"), "miscdevice", "list")) {
            out.dec(device.getInt("minor"), 3).put(' ').put(device.string("name", NAME_LIMIT)).put('\n');
        }
    }

    /** fs/proc/consoles.c, {@code show_console_dev}; the letter N came with non-blocking consoles (6.6). */
    static void printConsoles(Kernel kernel, ProcText out) {
        Consoles consoles = new Consoles(kernel);
        boolean knowsNonBlocking = new Variables(kernel).hasConstant("CON_NBCON");
        for (KObject console : consoles.all()) {
            long flags = console.get("flags");
            boolean isNonBlocking = knowsNonBlocking && (flags & CON_NBCON) != 0;
            out.left(console.string("name", 16) + console.getInt("index"), 20).put(' ');
            out.put(console.get("read") != 0 ? 'R' : '-').put(console.get("write") != 0 || isNonBlocking ? 'W' : '-');
            out.put(console.get("unblank") != 0 ? 'U' : '-').put(" (");
            for (int i = 0; i < CONSOLE_FLAGS.length; i++) {
                if (CONSOLE_FLAGS[i] != CON_NBCON || knowsNonBlocking) {
                    out.put((flags & CONSOLE_FLAGS[i]) != 0 ? CONSOLE_LETTERS.charAt(i) : ' ');
                }
            }
            out.put(')');
            long device = consoles.device(console);
            if (device != 0) {
                out.put(' ').dec(device >>> 20, 4).put(':').dec(device & 0xfffff);
            }
            out.put('\n');
        }
    }

    /** drivers/tty/tty_ldisc.c, {@code tty_ldiscs_seq_show}. */
    static void printLineDisciplines(Kernel kernel, ProcText out) {
        Variables variables = new Variables(kernel);
        long count = Math.min(MOST_DISCIPLINES, variables.sizeOfVariable("tty_ldiscs") / Long.BYTES);
        for (int i = 0; i < count; i++) {
            KObject discipline = kernel.at(variables.u64At("tty_ldiscs", i), "tty_ldisc_ops");
            if (!discipline.isNull()) {
                String name = discipline.get("name") == 0 ? "???" : discipline.string("name", NAME_LIMIT);
                out.left(name, 10).put(' ').dec(i, 2).put('\n');
            }
        }
    }

    /** drivers/video/fbdev/core/fb_procfs.c, {@code fb_seq_show}. */
    static void printFrameBuffers(Kernel kernel, ProcText out) {
        Variables variables = new Variables(kernel);
        for (int i = 0; variables.has("registered_fb") && i < FB_MAX; i++) {
            KObject buffer = kernel.at(variables.u64At("registered_fb", i), "fb_info");
            if (!buffer.isNull()) {
                out.dec(buffer.getInt("node")).put(' ').put(buffer.string("fix.id", 16)).put('\n');
            }
        }
    }
}
