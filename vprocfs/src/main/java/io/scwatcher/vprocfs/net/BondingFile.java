package io.scwatcher.vprocfs.net;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.net.Bond;
import io.scwatcher.kernel.net.InetSock;
import io.scwatcher.kernel.net.NetDevice;
import io.scwatcher.vprocfs.ProcText;

/** /proc/net/bonding/DEVICE (drivers/net/bonding/bond_procfs.c, bond_info_show_master, bond_info_show_slave). */
final class BondingFile {
    private static final int ACTIVE_BACKUP = 1;
    private static final int XOR = 2;
    private static final int LACP = 4;
    private static final int TLB = 5;
    private static final int ALB = 6;
    private static final String[] MODES = {"load balancing (round-robin)", "fault-tolerance (active-backup)",
        "load balancing (xor)", "fault-tolerance (broadcast)", "IEEE 802.3ad Dynamic link aggregation",
        "transmit load balancing", "adaptive load balancing"};
    private static final String[] HASHES = {"layer2", "layer3+4", "layer2+3", "encap2+3", "encap3+4", "vlan+srcmac"};
    private static final String[] FAIL_OVER = {"none", "active", "follow"};
    private static final String[] RESELECT = {"always", "better", "failure"};
    private static final String[] SELECT = {"stable", "bandwidth", "count", "actor_port_prio"};
    private static final String[] LINKS = {"up", "going down", "down", "going back"};
    private static final String[] CHURN = {"monitoring", "churned", "none"};
    private static final int NO_CARRIER = 2;

    private final Bond bond;
    private final KObject settings;
    private final int mode;
    private final ProcText out;

    private BondingFile(Bond bond, ProcText out) {
        this.bond = bond;
        this.settings = bond.object().at("params");
        this.mode = settings.getInt("mode");
        this.out = out;
    }

    static void print(NetDevice device, ProcText out) {
        BondingFile file = new BondingFile(Bond.of(device), out);
        out.put("Ethernet Channel Bonding Driver: v").put(device.kernel().release()).put("\n\n");
        file.modeAndPrimary();
        file.link();
        file.arp();
        if (file.mode == LACP) {
            file.aggregation();
        }
        for (KObject member : file.bond.members()) {
            file.member(member);
        }
    }

    private void modeAndPrimary() {
        out.put("Bonding Mode: ").put(name(MODES, mode));
        if (mode == ACTIVE_BACKUP && settings.get("fail_over_mac") != 0) {
            out.put(" (fail_over_mac ").put(name(FAIL_OVER, settings.getInt("fail_over_mac"))).put(')');
        }
        out.put('\n');
        if (mode == XOR || mode >= LACP) {
            int policy = settings.getInt("xmit_policy");
            out.put("Transmit Hash Policy: ").put(name(HASHES, policy)).put(" (").dec(policy).put(")\n");
        }
        if (mode == ACTIVE_BACKUP || mode == TLB || mode == ALB) {
            out.put("Primary Slave: ").put(bond.memberName("primary_slave"));
            if (bond.object().get("primary_slave") != 0) {
                out.put(" (primary_reselect ").put(name(RESELECT, settings.getInt("primary_reselect"))).put(')');
            }
            out.put("\nCurrently Active Slave: ").put(bond.memberName("curr_active_slave")).put('\n');
        }
    }

    private void link() {
        int interval = settings.getInt("miimon");
        boolean carrier = (bond.device().device().get("state") >>> NO_CARRIER & 1) == 0;
        out.put("MII Status: ").put(carrier ? "up" : "down").put('\n');
        out.put("MII Polling Interval (ms): ").dec(interval).put('\n');
        out.put("Up Delay (ms): ").dec(settings.getInt("updelay") * interval).put('\n');
        out.put("Down Delay (ms): ").dec(settings.getInt("downdelay") * interval).put('\n');
        out.put("Peer Notification Delay (ms): ").dec(settings.getInt("peer_notif_delay") * interval).put('\n');
    }

    private void arp() {
        if (settings.getInt("arp_interval") <= 0) {
            return;
        }
        out.put("ARP Polling Interval (ms): ").dec(settings.getInt("arp_interval")).put('\n');
        if (settings.has("missed_max")) {
            out.put("ARP Missed Max: ").dec(settings.getInt("missed_max")).put('\n');
        }
        out.put("ARP IP target/s (n.n.n.n form):");
        for (int i = 0; i < 16 && settings.at("arp_targets").index(i).value() != 0; i++) {
            int target = InetSock.networkToHost32((int) settings.at("arp_targets").index(i).value());
            out.put(i == 0 ? " " : ", ").put(AddressText.dotted(Integer.toUnsignedLong(target)));
        }
        out.put('\n');
        if (settings.has("ns_targets")) {
            out.put("NS IPv6 target/s (xx::xx form):");
            for (int i = 0; i < 16 && !isZero(settings.at("ns_targets").index(i)); i++) {
                out.put(i == 0 ? " " : ", ").put(AddressText.compressed6(settings.at("ns_targets").index(i)));
            }
            out.put('\n');
        }
    }

    /** Root's view: others do not see the system's priority and address. */
    private void aggregation() {
        out.put("\n802.3ad info\n");
        if (settings.has("lacp_active")) {
            out.put("LACP active: ").put(settings.get("lacp_active") != 0 ? "on" : "off").put('\n');
        }
        out.put("LACP rate: ").put(settings.get("lacp_fast") != 0 ? "fast" : "slow").put('\n');
        out.put("Min links: ").dec(settings.getInt("min_links")).put('\n');
        out.put("Aggregator selection policy (ad_select): ").put(name(SELECT, settings.getInt("ad_select"))).put('\n');
        KObject system = bond.object().at("ad_info.system");
        out.put("System priority: ").dec(system.get("sys_priority")).put("\nSystem MAC address: ");
        mac(system.at("sys_mac_addr"));
        KObject active = bond.activeAggregator();
        if (active == null) {
            out.put("bond ").put(bond.device().name()).put(" has no active aggregator\n");
            return;
        }
        out.put("Active Aggregator Info:\n");
        out.put("\tAggregator ID: ").dec(active.get("aggregator_identifier")).put('\n');
        out.put("\tNumber of ports: ").dec(active.get("num_of_ports")).put('\n');
        out.put("\tActor Key: ").dec(active.get("actor_oper_aggregator_key")).put('\n');
        out.put("\tPartner Key: ").dec(active.get("partner_oper_aggregator_key")).put('\n');
        mac(active.at("partner_system"), out.put("\tPartner Mac Address: "));
    }

    private void member(KObject member) {
        NetDevice device = new NetDevice(member.ptr("dev"));
        out.put("\nSlave Interface: ").put(device.name()).put('\n');
        out.put("MII Status: ").put(name(LINKS, member.getInt("link"))).put('\n');
        int speed = member.getInt("speed");
        out.put("Speed: ").put(speed == -1 ? "Unknown" : speed + " Mbps").put('\n');
        int duplex = member.getInt("duplex");
        out.put("Duplex: ").put(duplex == 0xff ? "Unknown" : duplex != 0 ? "full" : "half").put('\n');
        out.put("Link Failure Count: ").unsigned(member.get("link_failure_count")).put('\n');
        out.put("Permanent HW addr: ");
        colons(member.at("perm_hwaddr"), device.addressLength(), out);
        out.put("\nSlave queue ID: ").dec(member.get("queue_id")).put('\n');
        if (mode == LACP) {
            port(member.ptr("ad_info").at("port"));
        }
    }

    private void port(KObject port) {
        KObject aggregator = port.ptr("aggregator");
        if (aggregator.isNull()) {
            out.put("Aggregator ID: N/A\n");
            return;
        }
        out.put("Aggregator ID: ").dec(aggregator.get("aggregator_identifier")).put('\n');
        out.put("Actor Churn State: ").put(name(CHURN, port.getInt("sm_churn_actor_state"))).put('\n');
        out.put("Partner Churn State: ").put(name(CHURN, port.getInt("sm_churn_partner_state"))).put('\n');
        out.put("Actor Churned Count: ").dec(port.getInt("churn_actor_count")).put('\n');
        out.put("Partner Churned Count: ").dec(port.getInt("churn_partner_count")).put('\n');
        out.put("details actor lacp pdu:\n    system priority: ").dec(port.get("actor_system_priority")).put('\n');
        mac(port.at("actor_system"), out.put("    system mac address: "));
        out.put("    port key: ").dec(port.get("actor_oper_port_key")).put('\n');
        out.put("    port priority: ").dec(port.get("actor_port_priority")).put('\n');
        out.put("    port number: ").dec(port.get("actor_port_number")).put('\n');
        out.put("    port state: ").dec(port.get("actor_oper_port_state")).put('\n');
        KObject partner = port.at("partner_oper");
        out.put("details partner lacp pdu:\n    system priority: ").dec(partner.get("system_priority")).put('\n');
        mac(partner.at("system"), out.put("    system mac address: "));
        out.put("    oper key: ").dec(partner.get("key")).put('\n');
        out.put("    port priority: ").dec(partner.get("port_priority")).put('\n');
        out.put("    port number: ").dec(partner.get("port_number")).put('\n');
        out.put("    port state: ").dec(partner.get("port_state")).put('\n');
    }

    private void mac(KObject address) {
        mac(address, out);
    }

    private static void mac(KObject address, ProcText out) {
        colons(address, 6, out);
        out.put('\n');
    }

    private static void colons(KObject address, int length, ProcText out) {
        for (int i = 0; i < length; i++) {
            out.put(i == 0 ? "" : ":").hex(address.memory().u8(address.address() + i), 2);
        }
    }

    private static boolean isZero(KObject address) {
        return address.memory().u64(address.address()) == 0 && address.memory().u64(address.address() + 8) == 0;
    }

    private static String name(String[] names, int number) {
        return number >= 0 && number < names.length ? names[number] : "unknown";
    }
}
