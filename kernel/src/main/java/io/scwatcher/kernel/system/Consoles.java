package io.scwatcher.kernel.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.collection.Lists;
import io.scwatcher.kernel.symbol.Symbol;
import java.util.ArrayList;
import java.util.List;

/** Registered consoles: {@code console_list} since 6.2, linked from {@code console_drivers} before (kernel/printk). */
public final class Consoles {
    private static final int MOST = 256;

    private final Kernel kernel;
    private final Variables variables;

    public Consoles(Kernel kernel) {
        this.kernel = kernel;
        this.variables = new Variables(kernel);
    }

    /** All {@code struct console}. */
    public List<KObject> all() {
        List<KObject> found = new ArrayList<>();
        if (variables.has("console_list")) {
            Lists.hlist(kernel.object("console_list", "hlist_head"), "console", "node").forEach(found::add);
            return found;
        }
        KObject console = variables.pointee("console_drivers", "console");
        while (!console.isNull() && found.size() < MOST) {
            found.add(console);
            console = console.ptr("next");
        }
        return found;
    }

    /**
     * The device number behind a console: what its {@code device} callback answers, for the callbacks of the kernel's
     * own serial, virtual terminal and hypervisor consoles.
     *
     * @return 0 if it has none
     */
    public long device(KObject console) {
        long callback = console.get("device");
        Symbol function = callback == 0 ? null : kernel.symbols().containing(callback);
        if (function == null) {
            return 0;
        }
        int index = console.getInt("index");
        return switch (function.name()) {
            case "uart_console_device" -> number(
                    kernel.at(console.get("data"), "uart_driver").ptr("tty_driver"), index);
            case "vt_console_device" -> number(variables.pointee("console_driver", "tty_driver"),
                    index != 0 ? index - 1 : variables.s32("fg_console"));
            case "hvc_console_device" -> number(variables.pointee("hvc_driver", "tty_driver"), index);
            default -> {
                kernel.anomalies().record("console device callback " + function.name() + " is not known");
                yield 0;
            }
        };
    }

    private static long number(KObject driver, int index) {
        return driver.isNull() ? 0 : (driver.get("major") << 20 | driver.get("minor_start")) + index;
    }
}
