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

    /**
     * {@code %pI6c}: the longest run of zero groups (the first of equals, of two at least) left out, and the last four
     * bytes of IPv4 addresses in disguise dotted. @param address a {@code struct in6_addr}
     */
    static String compressed6(KObject address) {
        int[] groups = new int[8];
        for (int i = 0; i < groups.length; i++) {
            int value = address.memory().u16(address.address() + 2L * i);
            groups[i] = (value & 0xff) << 8 | value >> 8;
        }
        return compressed(groups);
    }

    static String compressed(int[] groups) {
        boolean mapped = groups[0] == 0 && groups[1] == 0 && groups[2] == 0 && groups[3] == 0 && groups[4] == 0
                && groups[5] == 0xffff;
        boolean isatap = (groups[4] | 0x0200) == 0x0200 && groups[5] == 0x5efe;
        int count = mapped || isatap ? 6 : 8;
        int longest = 1;
        int start = -1;
        for (int i = 0; i < count; i++) {
            int end = i;
            while (end < count && groups[end] == 0) {
                end++;
            }
            if (end - i > longest) {
                longest = end - i;
                start = i;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            if (i == start) {
                text.append(i == 0 ? "::" : ":");
                i += longest - 1;
            } else {
                text.append(Integer.toHexString(groups[i])).append(i < count - 1 ? ":" : "");
            }
        }
        if (count < 8) {
            text.append(text.length() > 0 && text.charAt(text.length() - 1) != ':' ? ":" : "");
            text.append(dotted((long) groups[6] << 16 | groups[7]));
        }
        return text.toString();
    }

    /** Two digits for each byte. */
    static void bytes(ProcText out, KObject start, int count) {
        for (int i = 0; i < count; i++) {
            out.hex(start.memory().u8(start.address() + i), 2);
        }
    }
}
