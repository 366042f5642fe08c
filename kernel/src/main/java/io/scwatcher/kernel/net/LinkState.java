package io.scwatcher.kernel.net;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.collection.Lists;

/**
 * Whether a device is up, and how it stands to other devices (include/linux/netdevice.h, net/core/dev.c).
 *
 * @param device the device
 */
public record LinkState(NetDevice device) {
    private static final int IFF_PROMISC = 0x100;
    private static final int IFF_ALLMULTI = 0x200;
    private static final int IFF_RUNNING = 0x40;
    private static final int IFF_LOWER_UP = 0x10000;
    private static final int IFF_DORMANT = 0x20000;
    private static final int IFF_ECHO = 0x40000;
    private static final int IF_OPER_UNKNOWN = 0;
    private static final int IF_OPER_DOWN = 2;
    private static final int IF_OPER_UP = 6;

    public static LinkState of(NetDevice device) {
        return new LinkState(device);
    }

    /** {@code netif_running}. */
    public boolean isRunning() {
        return bit("__LINK_STATE_START", 0);
    }

    /** {@code netif_carrier_ok}. */
    public boolean hasCarrier() {
        return !bit("__LINK_STATE_NOCARRIER", 2);
    }

    /** {@code netif_dormant}. */
    public boolean isDormant() {
        return bit("__LINK_STATE_DORMANT", 4);
    }

    /** {@code netif_testing}. */
    public boolean isTesting() {
        return bit("__LINK_STATE_TESTING", 5);
    }

    /** IF_OPER_*, as RFC 2863 has it. */
    public int operational() {
        return isRunning() ? device.device().getInt("operstate") : IF_OPER_DOWN;
    }

    /** {@code dev_get_flags}: IFF_* as programs see them. */
    public int flags() {
        int flags = device.flags() & ~(IFF_PROMISC | IFF_ALLMULTI | IFF_RUNNING | IFF_LOWER_UP | IFF_DORMANT | IFF_ECHO);
        flags |= device.device().getInt("gflags") & (IFF_PROMISC | IFF_ALLMULTI);
        if (isRunning()) {
            int operational = operational();
            flags |= operational == IF_OPER_UP || operational == IF_OPER_UNKNOWN ? IFF_RUNNING : 0;
            flags |= hasCarrier() ? IFF_LOWER_UP : 0;
            flags |= isDormant() ? IFF_DORMANT : 0;
        }
        return flags;
    }

    /** The device behind {@code dev_get_iflink}: the peer of a virtual Ethernet device, what a virtual one lies on; null if it is its own. */
    public NetDevice lower() {
        return switch (device.driver()) {
            case "veth" -> NetDevice.of(DeviceStatistics.privateData(device, "veth_priv").ptr("peer"));
            case "vlan", "macvlan", "macvtap", "ipvlan", "ipvtap" -> firstLower();
            default -> null;
        };
    }

    /** The upper device that is marked as master ({@code netdev_master_upper_dev_get}); null if there is none. */
    public NetDevice master() {
        for (KObject adjacent : Lists.list(device.device().at("adj_list.upper"), "netdev_adjacent", "list")) {
            if (adjacent.get("master") != 0) {
                return new NetDevice(adjacent.ptr("dev"));
            }
        }
        return null;
    }

    private NetDevice firstLower() {
        for (KObject adjacent : Lists.list(device.device().at("adj_list.lower"), "netdev_adjacent", "list")) {
            return NetDevice.of(adjacent.ptr("dev"));
        }
        return null;
    }

    private boolean bit(String name, int otherwise) {
        long number = device.kernel().types().enumerator(name).orElse(otherwise);
        return (device.device().get("state") >>> number & 1) != 0;
    }
}
