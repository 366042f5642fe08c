package io.scwatcher.kernel.net;

import io.scwatcher.kernel.KObject;

/** Next hops that routes share: {@code struct nexthop} (include/net/nexthop.h, 5.3). */
final class NextHop {
    private NextHop() {}

    /** The {@code struct nh_info} of a next hop, of a group's first member. */
    static KObject info(KObject nextHop) {
        KObject single = nextHop;
        if (nextHop.get("is_group") != 0) {
            single = nextHop.ptr("nh_grp").at("nh_entries").index(0).ptr("nh");
        }
        return single.ptr("nh_info");
    }
}
