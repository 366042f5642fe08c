package io.scwatcher.kernel.net;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.collection.Lists;
import java.util.ArrayList;
import java.util.List;

/**
 * A namespace's default multicast routing table: {@code struct mr_table} (include/linux/mroute_base.h).
 *
 * @param table the {@code struct mr_table}
 */
public record MulticastRouting(KObject table) {
    private static final int DEFAULT_IPV4 = 253;
    private static final int DEFAULT_IPV6 = 254;
    private static final int MAX_INTERFACES = 32;
    private static final int MAX_ROUTES = 1 << 20;

    /**
     * A virtual interface.
     *
     * @param vif the {@code struct vif_device}
     */
    public record Interface(int number, KObject vif) {
        public NetDevice device() {
            return new NetDevice(vif.ptr("dev"));
        }
    }

    /** IPv4's; null if there is none. */
    public static MulticastRouting ipv4(NetNamespace net) {
        return of(net, "ipv4.mr_tables", "ipv4.mrt", DEFAULT_IPV4);
    }

    /** IPv6's; null if there is none. */
    public static MulticastRouting ipv6(NetNamespace net) {
        return of(net, "ipv6.mr6_tables", "ipv6.mrt6", DEFAULT_IPV6);
    }

    private static MulticastRouting of(NetNamespace net, String list, String single, int number) {
        Kernel kernel = net.kernel();
        if (net.net().has(list)) {
            for (KObject table : Lists.list(kernel.at(net.net().at(list).address(), "list_head"), "mr_table", "list")) {
                if (table.get("id") == number) {
                    return new MulticastRouting(table);
                }
            }
            return null;
        }
        KObject table = net.net().ptr(single);
        return table.isNull() ? null : new MulticastRouting(table);
    }

    /** The interfaces in use. */
    public List<Interface> interfaces() {
        List<Interface> interfaces = new ArrayList<>();
        for (int i = 0; i < Math.min(table.getInt("maxvif"), MAX_INTERFACES); i++) {
            if (exists(i)) {
                interfaces.add(new Interface(i, table.at("vif_table").index(i)));
            }
        }
        return interfaces;
    }

    /** {@code VIF_EXISTS}. */
    public boolean exists(int number) {
        return number >= 0 && number < MAX_INTERFACES && table.at("vif_table").index(number).get("dev") != 0;
    }

    /** Routes that are known, or those waiting for one. @param structure {@code mfc_cache} or {@code mfc6_cache} */
    public List<KObject> routes(String structure, boolean resolved) {
        KObject head = table.at(resolved ? "mfc_cache_list" : "mfc_unres_queue");
        return Limited.list(Lists.list(head, structure, "_c.list"), MAX_ROUTES, "multicast routes");
    }
}
