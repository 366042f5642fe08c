package io.scwatcher.kernel.net;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.collection.Lists;
import java.util.ArrayList;
import java.util.List;

/**
 * Several network devices used as one: {@code struct bonding} (include/net/bonding.h).
 *
 * @param device the device that stands for them
 * @param object its {@code struct bonding}
 */
public record Bond(NetDevice device, KObject object) {
    private static final int MAX_MEMBERS = 4096;

    public static Bond of(NetDevice device) {
        return new Bond(device, DeviceStatistics.privateData(device, "bonding"));
    }

    /** Its members, each a {@code struct slave} ({@code bond_for_each_slave}). */
    public List<KObject> members() {
        List<KObject> members = new ArrayList<>();
        var lower = Lists.list(device.device().at("adj_list.lower"), "netdev_adjacent", "list");
        for (KObject adjacent : Limited.list(lower, MAX_MEMBERS, "members of a bond")) {
            members.add(new KObject(object.kernel(), object.ptr("curr_active_slave").type(), adjacent.get("private")));
        }
        return members;
    }

    /** The device of a member that a pointer names, or {@code None}. */
    public String memberName(String pointer) {
        KObject member = object.ptr(pointer);
        return member.isNull() ? "None" : member.ptr("dev").string("name", NetDevice.NAME_SIZE);
    }

    /** The aggregator in use ({@code struct aggregator}) of IEEE 802.3ad, or null. */
    public KObject activeAggregator() {
        for (KObject member : members()) {
            KObject aggregator = member.ptr("ad_info").at("port").ptr("aggregator");
            if (!aggregator.isNull() && aggregator.get("is_active") != 0) {
                return aggregator;
            }
        }
        return null;
    }
}
