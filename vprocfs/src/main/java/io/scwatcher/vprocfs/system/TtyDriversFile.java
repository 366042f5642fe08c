package io.scwatcher.vprocfs.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.collection.Lists;
import io.scwatcher.kernel.system.Variables;
import io.scwatcher.vprocfs.ProcText;
import io.scwatcher.vprocfs.SystemFile;

/** /proc/tty/drivers (fs/proc/proc_tty.c, {@code show_tty_driver}). */
final class TtyDriversFile implements SystemFile {
    private static final int NAME_LIMIT = 128;
    private static final int MINOR_BITS = 20;
    private static final long MINORS = 1L << MINOR_BITS;
    /** include/linux/tty_driver.h; enumerations since 6.16. */
    private static final int TYPE_SYSTEM = 1;
    private static final int TYPE_CONSOLE = 2;
    private static final int TYPE_SERIAL = 3;
    private static final int TYPE_PTY = 4;
    private static final String[] SYSTEM_SUBTYPES = {"", ":/dev/tty", ":vtmaster", ":console"};
    private static final String[] PTY_SUBTYPES = {"", ":master", ":slave"};

    @Override
    public void print(Kernel kernel, ProcText out) {
        boolean isFirst = true;
        for (KObject driver : Lists.list(kernel.object("tty_drivers", "list_head"), "tty_driver", "tty_drivers")) {
            if (isFirst) {
                printPseudoDrivers(new Variables(kernel), out);
                isFirst = false;
            }
            long from = driver.get("major") << MINOR_BITS | driver.get("minor_start");
            long to = from + Math.min(driver.get("num"), MINORS);
            while (from >>> MINOR_BITS < to >>> MINOR_BITS) {
                long next = (from >>> MINOR_BITS) + 1 << MINOR_BITS;
                printRange(driver, from, next - from, out);
                from = next;
            }
            if (from != to) {
                printRange(driver, from, to - from, out);
            }
        }
    }

    private static void printPseudoDrivers(Variables variables, ProcText out) {
        printPseudoDriver("/dev/tty", "tty", 5, 0, "system:/dev/tty", out);
        printPseudoDriver("/dev/console", "console", 5, 1, "system:console", out);
        if (variables.has("ptm_driver")) {
            printPseudoDriver("/dev/ptmx", "ptmx", 5, 2, "system", out);
        }
        if (variables.has("fg_console")) {
            printPseudoDriver("/dev/vc/0", "vc/0", 4, 0, "system:vtmaster", out);
        }
    }

    private static void printPseudoDriver(String driver, String node, int major, int minor, String type, ProcText out) {
        out.left(driver, 20).put(" /dev/").left(node, 8).put(' ').dec(major, 3).put(' ').dec(minor, 7);
        out.put(' ').put(type).put('\n');
    }

    private static void printRange(KObject driver, long from, long count, ProcText out) {
        long minor = from & MINORS - 1;
        out.left(driver.get("driver_name") == 0 ? "unknown" : driver.string("driver_name", NAME_LIMIT), 20);
        out.put(" /dev/").left(driver.string("name", NAME_LIMIT), 8).put(' ').dec(from >>> MINOR_BITS, 3).put(' ');
        if (driver.get("num") > 1) {
            out.dec(minor).put('-').dec(minor + count - 1).put(' ');
        } else {
            out.dec(minor, 7).put(' ');
        }
        out.put(type(driver.getInt("type"), driver.getInt("subtype"))).put('\n');
    }

    private static String type(int type, int subtype) {
        return switch (type) {
            case TYPE_SYSTEM -> "system" + named(SYSTEM_SUBTYPES, subtype);
            case TYPE_CONSOLE -> "console";
            case TYPE_SERIAL -> "serial";
            case TYPE_PTY -> "pty" + named(PTY_SUBTYPES, subtype);
            default -> "type:" + type + "." + subtype;
        };
    }

    private static String named(String[] names, int number) {
        return number > 0 && number < names.length ? names[number] : "";
    }
}
