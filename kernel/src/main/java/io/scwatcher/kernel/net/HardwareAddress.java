package io.scwatcher.kernel.net;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.collection.Lists;
import java.util.ArrayList;
import java.util.List;

/**
 * A hardware address that a device listens to ({@code struct netdev_hw_addr}).
 *
 * @param references users in all
 * @param global users that asked for it on the device as a whole
 * @param address {@link NetDevice#addressLength()} bytes
 */
public record HardwareAddress(int references, int global, byte[] address) {
    private static final int MAX_ADDRESSES = 1 << 16;

    /** A device's multicast addresses ({@code netdev_for_each_mc_addr}). */
    public static List<HardwareAddress> multicast(NetDevice device) {
        List<HardwareAddress> addresses = new ArrayList<>();
        var joined = Lists.list(device.device().at("mc.list"), "netdev_hw_addr", "list");
        for (KObject each : Limited.list(joined, MAX_ADDRESSES, "hardware addresses of a device")) {
            byte[] address = new byte[device.addressLength()];
            each.memory().read(each.at("addr").address(), address, 0, address.length);
            int global = each.at("global_use").type().size() == 1 ? (each.get("global_use") != 0 ? 1 : 0)
                    : each.getInt("global_use");
            addresses.add(new HardwareAddress(each.getInt("refcount"), global, address));
        }
        return addresses;
    }
}
