package io.scwatcher.vprocfs.net;

import io.scwatcher.kernel.KObject;
import io.scwatcher.vprocfs.ProcText;

/** Network addresses as the kernel's own format letters print them (lib/vsprintf.c). */
final class AddressText {
    private AddressText() {}

    /** {@code %pI4} of an address in host order. */
    static String dotted(long address) {
        return (address >>> 24 & 0xff) + "." + (address >>> 16 & 0xff) + "." + (address >>> 8 & 0xff) + "."
                + (address & 0xff);
    }

    /** {@code %pi6}: 32 digits. @param address a {@code struct in6_addr} */
    static void plain6(ProcText out, KObject address) {
        bytes(out, address, 16);
    }

    /** {@code %pI6}: eight groups of four digits. @param address a {@code struct in6_addr} */
    static void grouped6(ProcText out, KObject address) {
        for (int group = 0; group < 8; group++) {
            int value = address.memory().u16(address.address() + 2L * group);
            out.put(group == 0 ? "" : ":").hex((value & 0xff) << 8 | value >> 8, 4);
        }
    }

    /** Two digits for each byte. */
    static void bytes(ProcText out, KObject start, int count) {
        for (int i = 0; i < count; i++) {
            out.hex(start.memory().u8(start.address() + i), 2);
        }
    }
}
