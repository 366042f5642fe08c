package io.scwatcher.kernel.net;

import io.scwatcher.kernel.KObject;

/**
 * An IPv4 route: {@code struct fib_alias} with its {@code struct fib_info} (include/net/ip_fib.h).
 *
 * @param alias the {@code struct fib_alias}
 */
public record FibRoute(KObject alias) {
    private static final int AF_INET = 2;

    /** Bits of the destination that count: 0 to 32. */
    public int prefixLength() {
        return 32 - alias.getInt("fa_slen");
    }

    /** {@code RTN_UNICAST} and so on (include/uapi/linux/rtnetlink.h). */
    public int type() {
        return alias.getInt("fa_type");
    }

    /** The number of the table that it belongs to. */
    public int table() {
        return alias.getInt("tb_id");
    }

    /** Type of service that it is for, 0 for any: {@code fa_dscp} since 5.18. */
    public int typeOfService() {
        return alias.has("fa_dscp") ? alias.getInt("fa_dscp") : alias.getInt("fa_tos");
    }

    /** {@code RT_SCOPE_UNIVERSE} and so on. */
    public int scope() {
        return info().getInt("fib_scope");
    }

    /** The {@code struct fib_info}; may be null. */
    public KObject info() {
        return alias.ptr("fa_info");
    }

    /** The first next hop, a {@code struct fib_nh_common} ({@code fib_info_nhc}). */
    public KObject nextHop() {
        KObject info = info();
        if (info.has("nh")) {
            KObject nextHop = info.ptr("nh");
            if (!nextHop.isNull()) {
                return NextHop.info(nextHop).at("fib_nhc");
            }
        }
        return info.at("fib_nh").index(0).at("nh_common");
    }

    /** The next hop's IPv4 address as a little-endian word, whatever its family. */
    public int gateway() {
        return nextHop().getInt("nhc_gw.ipv4");
    }

    /** As {@link #gateway()}; 0 if the next hop has an IPv6 address. */
    public int gatewayIpv4() {
        KObject hop = nextHop();
        return hop.getInt("nhc_gw_family") == AF_INET ? hop.getInt("nhc_gw.ipv4") : 0;
    }

    /** The device it goes out by, or null. */
    public NetDevice device() {
        return NetDevice.of(nextHop().ptr("nhc_dev"));
    }

    public int priority() {
        return info().getInt("fib_priority");
    }

    /**
     * A metric.
     *
     * @param number {@code RTAX_MTU} and so on
     */
    public long metric(int number) {
        return info().ptr("fib_metrics").at("metrics").index(number - 1).value();
    }
}
