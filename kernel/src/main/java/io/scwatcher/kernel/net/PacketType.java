package io.scwatcher.kernel.net;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.collection.Lists;
import java.util.ArrayList;
import java.util.List;

/**
 * A receiver of packets: {@code struct packet_type} (include/linux/netdevice.h).
 *
 * @param type the {@code struct packet_type}
 * @param device the device it is bound to, or null
 */
public record PacketType(KObject type, NetDevice device) {
    private static final int HASH_SIZE = 16;
    private static final int MAX_TYPES = 1 << 16;

    /**
     * The receivers that a namespace can see, in the order of /proc/net/ptype (net/core/net-procfs.c, ptype_get_idx):
     * those bound to devices, those for all protocols, those of the namespace's own (since 6.17), then by protocol.
     */
    public static List<PacketType> of(NetNamespace net) {
        Kernel kernel = net.kernel();
        List<PacketType> types = new ArrayList<>();
        for (NetDevice device : NetDevice.all(net)) {
            collect(device.device().at("ptype_all"), device, types);
        }
        if (kernel.symbols().has("ptype_all")) {
            collect(kernel.at(kernel.address("ptype_all"), "list_head"), null, types);
        } else if (kernel.types().hasStruct("net_hotdata") && kernel.types().struct("net_hotdata").has("ptype_all")) {
            collect(kernel.object("net_hotdata", "net_hotdata").at("ptype_all"), null, types);
        }
        for (String list : new String[] {"ptype_all", "ptype_specific"}) {
            if (net.net().has(list)) {
                collect(net.net().at(list), null, types);
            }
        }
        KObject buckets = kernel.at(kernel.address("ptype_base"), "list_head");
        for (int i = 0; i < HASH_SIZE; i++) {
            collect(buckets.index(i), null, types);
        }
        types.removeIf(each -> !each.isSeenBy(net));
        return types;
    }

    /** The Ethernet protocol in host order; 3 ({@code ETH_P_ALL}) for all. */
    public int protocol() {
        return InetSock.networkToHost(type.getInt("type"));
    }

    /** The address of the function that is called. */
    public long function() {
        return type.get("func");
    }

    private boolean isSeenBy(NetNamespace net) {
        long owner = type.getOr("af_packet_net", 0);
        return owner == 0 || owner == net.address();
    }

    private static void collect(KObject head, NetDevice device, List<PacketType> types) {
        for (KObject type : Limited.list(Lists.list(head, "packet_type", "list"), MAX_TYPES, "packet types in a list")) {
            types.add(new PacketType(type, device));
        }
    }
}
