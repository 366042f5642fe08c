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
        out.put(type(new Variables(driver.kernel()), driver.getInt("type"), driver.getInt("subtype"))).put('\n');
    }

    /** Types as the macros of include/linux/tty_driver.h number them; the enumeration since 6.16 starts from zero. */
    private static String type(Variables variables, int type, int subtype) {
        if (type == variables.constant("TTY_DRIVER_TYPE_SYSTEM", 1)) {
            return "system" + named(SYSTEM_SUBTYPES, subtype);
        } else if (type == variables.constant("TTY_DRIVER_TYPE_CONSOLE", 2)) {
            return "console";
        } else if (type == variables.constant("TTY_DRIVER_TYPE_SERIAL", 3)) {
            return "serial";
        } else if (type == variables.constant("TTY_DRIVER_TYPE_PTY", 4)) {
            return "pty" + named(PTY_SUBTYPES, subtype);
        }
        return "type:" + type + "." + subtype;
    }

    private static String named(String[] names, int number) {
        return number > 0 && number < names.length ? names[number] : "";
    }
}
