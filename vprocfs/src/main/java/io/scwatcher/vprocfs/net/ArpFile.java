package io.scwatcher.vprocfs.net;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.net.NeighbourTable;
import io.scwatcher.kernel.net.NetDevice;
import io.scwatcher.kernel.net.NetNamespace;
import io.scwatcher.vprocfs.ProcText;

/** /proc/net/arp (net/ipv4/arp.c, arp_format_neigh_entry, arp_format_pneigh_entry). */
final class ArpFile implements NetFile {
    private static final int NUD_NOARP = 0x40;
    private static final int NUD_PERMANENT = 0x80;
    private static final int NUD_VALID = NUD_PERMANENT | NUD_NOARP | 0x02 | 0x04 | 0x08 | 0x10;
    private static final int ATF_COM = 0x02;
    private static final int ATF_PERM = 0x04;
    private static final int ATF_PUBL = 0x08;
    private static final int MAX_SHOWN = 9;

    @Override
    public void print(NetNamespace net, ProcText out) {
        out.put("IP address       HW type     Flags       HW address            Mask     Device\n");
        NeighbourTable table = NeighbourTable.arp(net.kernel());
        for (KObject neighbour : table.neighbours(net)) {
            if ((neighbour.get("nud_state") & ~NUD_NOARP) != 0) {
                neighbour(neighbour, out);
            }
        }
        for (KObject proxy : table.proxies(net)) {
            NetDevice device = NetDevice.of(proxy.ptr("dev"));
            line(out, proxy.at("key"), device == null ? 0 : device.hardwareType(), ATF_PUBL | ATF_PERM,
                    "00:00:00:00:00:00", device == null ? "*" : device.name());
        }
    }

    private static void neighbour(KObject neighbour, ProcText out) {
        NetDevice device = new NetDevice(neighbour.ptr("dev"));
        StringBuilder address = new StringBuilder();
        KObject bytes = neighbour.at("ha");
        for (int i = 0; i < Math.min(device.addressLength(), MAX_SHOWN); i++) {
            address.append(i == 0 ? "" : ":");
            address.append("%02x".formatted(neighbour.memory().u8(bytes.address() + i)));
        }
        line(out, neighbour.at("primary_key"), device.hardwareType(), flags(neighbour.getInt("nud_state")),
                "%-17s".formatted(address), device.name());
    }

    private static void line(ProcText out, KObject key, int type, int flags, String address, String device) {
        long host = Integer.toUnsignedLong(Integer.reverseBytes((int) key.memory().u32(key.address())));
        out.left(AddressText.dotted(host), 16).put(" 0x").left(Integer.toHexString(type), 10)
                .put("0x").left(Integer.toHexString(flags), 10).put(address).put("     *        ").put(device).put('\n');
    }

    private static int flags(int state) {
        if ((state & NUD_PERMANENT) != 0) {
            return ATF_PERM | ATF_COM;
        }
        return (state & NUD_VALID) != 0 ? ATF_COM : 0;
    }
}
