package io.scwatcher.kernel.net;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.collection.Lists;
import io.scwatcher.kernel.collection.XArray;
import java.util.ArrayList;
import java.util.List;

/**
 * A network device: {@code struct net_device} (include/linux/netdevice.h).
 *
 * @param device the {@code struct net_device}
 */
public record NetDevice(KObject device) {
    /** {@code IFNAMSIZ}. */
    public static final int NAME_SIZE = 16;
    /** {@code MAX_ADDR_LEN}. */
    public static final int ADDRESS_SIZE = 32;

    private static final int INDEX_BUCKETS = 256;
    private static final int MAX_DEVICES = 1 << 17;

    /** A namespace's devices in the order in which they were registered ({@code for_each_netdev}). */
    public static List<NetDevice> all(NetNamespace net) {
        List<NetDevice> devices = new ArrayList<>();
        var registered = Lists.list(net.net().at("dev_base_head"), "net_device", "dev_list");
        for (KObject device : Limited.list(registered, MAX_DEVICES, "network devices")) {
            devices.add(new NetDevice(device));
        }
        return devices;
    }

    /**
     * A namespace's devices in the order of /proc/net/dev and of netlink dumps: by interface index since 6.6, before
     * that by hash bucket of the index, the younger first (net/core/net-procfs.c, dev_seq_start).
     */
    public static List<NetDevice> byIndex(NetNamespace net) {
        Kernel kernel = net.kernel();
        List<NetDevice> devices = new ArrayList<>();
        if (net.net().has("dev_by_index")) {
            for (XArray.Entry entry : XArray.entries(net.net().at("dev_by_index"))) {
                devices.add(new NetDevice(kernel.at(entry.value(), "net_device")));
            }
            return devices;
        }
        HashBuckets.ofHeads(kernel, net.net().get("dev_index_head"), INDEX_BUCKETS)
                .forEach("net_device", "index_hlist", (bucket, device) -> devices.add(new NetDevice(device)));
        return devices;
    }

    /** The device that a pointer member points to, or null. */
    public static NetDevice of(KObject pointer) {
        return pointer.isNull() ? null : new NetDevice(pointer.as("net_device"));
    }

    public Kernel kernel() {
        return device.kernel();
    }

    public long address() {
        return device.address();
    }

    public String name() {
        return device.string("name", NAME_SIZE);
    }

    public int index() {
        return device.getInt("ifindex");
    }

    /** {@code IFF_UP} and so on (include/uapi/linux/if.h). */
    public int flags() {
        return device.getInt("flags");
    }

    /** {@code ARPHRD_ETHER} and so on. */
    public int hardwareType() {
        return device.getInt("type");
    }

    /** Bytes of a hardware address on this device, at most {@link #ADDRESS_SIZE}. */
    public int addressLength() {
        return Math.min(device.getInt("addr_len"), ADDRESS_SIZE);
    }

    /** What drives it: the kind of software device that {@code rtnl_link_ops} name, or the driver of its bus; "" if none. */
    public String driver() {
        KObject link = device.ptr("rtnl_link_ops");
        if (!link.isNull()) {
            return link.string("kind", NAME_SIZE);
        }
        KObject parent = device.ptr("dev.parent");
        KObject driver = parent.isNull() ? parent : parent.ptr("driver");
        return driver.isNull() ? "" : driver.string("name", 64);
    }
}
