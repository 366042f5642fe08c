package io.scwatcher.kernel.net;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import java.util.ArrayList;
import java.util.List;

/**
 * An IPv6 address of a device: {@code struct inet6_ifaddr} (include/net/if_inet6.h).
 *
 * @param address the {@code struct inet6_ifaddr}
 */
public record Inet6Address(KObject address) {
    private static final int BUCKETS = 256;

    /**
     * A namespace's addresses in the order of /proc/net/if_inet6 (net/ipv6/addrconf.c, if6_get_first). One hash for all
     * namespaces until 5.17, then one for each.
     */
    public static List<Inet6Address> all(NetNamespace net) {
        Kernel kernel = net.kernel();
        boolean own = net.net().has("ipv6.inet6_addr_lst");
        long heads = own ? net.net().get("ipv6.inet6_addr_lst") : kernel.address("inet6_addr_lst");
        List<Inet6Address> addresses = new ArrayList<>();
        HashBuckets.ofHeads(kernel, heads, BUCKETS).forEach("inet6_ifaddr", "addr_lst", (bucket, each) -> {
            Inet6Address address = new Inet6Address(each);
            if (own || address.device().device().get("nd_net.net") == net.address()) {
                addresses.add(address);
            }
        });
        return addresses;
    }

    public NetDevice device() {
        return new NetDevice(address.ptr("idev").ptr("dev"));
    }
}
