package io.scwatcher.kernel.net;

import io.scwatcher.kernel.KObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the IP families keep for a device: {@code struct in_device}, {@code struct inet6_dev}, and their chains. */
public final class InetDevice {
    private static final int MAX_ELEMENTS = 1 << 18;

    private InetDevice() {}

    /** IPv4's {@code struct in_device}; null if the device has none. */
    public static KObject ipv4(NetDevice device) {
        return orNull(device.device(), "ip_ptr", "in_device");
    }

    /** IPv6's {@code struct inet6_dev}; null if the device has none. */
    public static KObject ipv6(NetDevice device) {
        return orNull(device.device(), "ip6_ptr", "inet6_dev");
    }

    /**
     * The structures of a chain.
     *
     * @param first a structure's pointer member
     * @param next the member that leads on
     */
    public static List<KObject> chain(KObject owner, String first, String next) {
        List<KObject> chain = new ArrayList<>();
        Set<Long> seen = new HashSet<>();
        for (KObject each = owner.ptr(first); !each.isNull(); each = each.ptr(next)) {
            if (!seen.add(each.address()) || chain.size() == MAX_ELEMENTS) {
                owner.kernel().anomalies().record("%s.%s runs in a circle or has no end".formatted(owner.type().name(), first));
                break;
            }
            chain.add(each);
        }
        return chain;
    }

    private static KObject orNull(KObject device, String member, String structure) {
        if (!device.has(member)) {
            return null;
        }
        KObject target = device.ptr(member);
        return target.isNull() ? null : target.as(structure);
    }
}
