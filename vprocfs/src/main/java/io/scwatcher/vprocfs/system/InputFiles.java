package io.scwatcher.vprocfs.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.collection.Lists;
import io.scwatcher.kernel.type.CType;
import io.scwatcher.vprocfs.ProcText;

/** /proc/bus/input/devices and handlers (drivers/input/input.c). */
final class InputFiles {
    private static final int NAME_LIMIT = 256;
    private static final int DEEPEST = 64;
    /** The event types that have a bitmap, as in input-event-codes.h, and the bitmaps' members and labels. */
    private static final int[] TYPES = {1, 2, 3, 4, 0x11, 0x12, 0x15, 5};
    private static final String[] BITMAPS = {"keybit", "relbit", "absbit", "mscbit", "ledbit", "sndbit", "ffbit", "swbit"};
    private static final String[] LABELS = {"KEY", "REL", "ABS", "MSC", "LED", "SND", "FF", "SW"};

    private InputFiles() {}

    static void printDevices(Kernel kernel, ProcText out) {
        for (KObject device : Lists.list(kernel.object("input_dev_list", "list_head"), "input_dev", "node")) {
            out.put("I: Bus=").hex(device.get("id.bustype"), 4).put(" Vendor=").hex(device.get("id.vendor"), 4);
            out.put(" Product=").hex(device.get("id.product"), 4).put(" Version=").hex(device.get("id.version"), 4);
            out.put("\nN: Name=\"").put(device.string("name", NAME_LIMIT)).put("\"\nP: Phys=");
            out.put(device.string("phys", NAME_LIMIT)).put("\nS: Sysfs=").put(path(device.at("dev.kobj")));
            out.put("\nU: Uniq=").put(device.string("uniq", NAME_LIMIT)).put("\nH: Handlers=");
            for (KObject handle : Lists.list(device.at("h_list"), "input_handle", "d_node")) {
                out.put(handle.string("name", NAME_LIMIT)).put(' ');
            }
            out.put('\n');
            printBitmap("PROP", device.at("propbit"), out);
            printBitmap("EV", device.at("evbit"), out);
            long events = device.at("evbit").index(0).value();
            for (int i = 0; i < TYPES.length; i++) {
                if ((events >>> TYPES[i] & 1) != 0) {
                    printBitmap(LABELS[i], device.at(BITMAPS[i]), out);
                }
            }
            out.put('\n');
        }
    }

    static void printHandlers(Kernel kernel, ProcText out) {
        int number = 0;
        for (KObject handler : Lists.list(kernel.object("input_handler_list", "list_head"), "input_handler", "node")) {
            out.put("N: Number=").dec(number++).put(" Name=").put(handler.string("name", NAME_LIMIT));
            out.put(handler.get("filter") != 0 ? " (filter)" : "");
            if (handler.get("legacy_minors") != 0) {
                out.put(" Minor=").dec(handler.getInt("minor"));
            }
            out.put('\n');
        }
    }

    /** {@code input_seq_print_bitmap}: words from the highest that is not empty. */
    private static void printBitmap(String label, KObject bitmap, ProcText out) {
        int words = bitmap.type() instanceof CType.Array array ? Math.min(64, array.length()) : 1;
        out.put("B: ").put(label).put('=');
        boolean isLeading = true;
        for (int i = words - 1; i >= 0; i--) {
            long word = bitmap.index(i).value();
            if (word != 0 || !isLeading) {
                isLeading = false;
                out.hex(word).put(i > 0 ? " " : "");
            }
        }
        out.put(isLeading ? "0\n" : "\n");
    }

    /** {@code kobject_get_path}. */
    private static String path(KObject object) {
        StringBuilder path = new StringBuilder();
        KObject at = object;
        for (int depth = 0; !at.isNull() && depth < DEEPEST; depth++) {
            path.insert(0, "/" + at.string("name", NAME_LIMIT));
            at = at.ptr("parent");
        }
        return path.toString();
    }
}
