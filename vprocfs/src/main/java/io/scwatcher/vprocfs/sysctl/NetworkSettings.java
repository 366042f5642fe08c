package io.scwatcher.vprocfs.sysctl;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.collection.Lists;
import io.scwatcher.kernel.system.CpuMasks;
import io.scwatcher.kernel.system.Variables;
import io.scwatcher.kernel.type.StructType;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.VfsException;
import io.scwatcher.vprocfs.ProcText;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Settings below net whose handlers compute what they print. */
final class NetworkSettings {
    private static final int NAME_LIMIT = 64;
    /** {@code TCP_CONG_NON_RESTRICTED}, include/net/tcp.h. */
    private static final int TCP_CONG_NON_RESTRICTED = 1;
    private static final int CACHE_LINE = 64;
    private static final int ETH_FRAME_LEN = 1514;
    /** {@code NETDEV_RSS_KEY_LEN}: raised in 6.19. */
    private static final int RSS_KEY = 52;
    private static final int LONG_RSS_KEY = 256;

    private NetworkSettings() {}

    /** The namespace of the reader; a setting of a namespace is never met without one. */
    private static KObject net(Setting setting) {
        if (setting.network() == null) {
            throw new VfsException(Errno.EIO);
        }
        return setting.network();
    }

    /** {@code proc_tcp_congestion_control}, net/ipv4/sysctl_net_ipv4.c. */
    static void congestionControl(Setting setting, ProcText out) {
        out.put(net(setting).ptr("ipv4.tcp_congestion_control").string("name", NAME_LIMIT)).put('\n');
    }

    static void availableCongestionControls(Setting setting, ProcText out) {
        printNames(setting, "tcp_cong_list", "tcp_congestion_ops", each -> true, out);
    }

    static void allowedCongestionControls(Setting setting, ProcText out) {
        printNames(setting, "tcp_cong_list", "tcp_congestion_ops",
                each -> (each.get("flags") & TCP_CONG_NON_RESTRICTED) != 0, out);
    }

    static void availableUpperLayerProtocols(Setting setting, ProcText out) {
        printNames(setting, "tcp_ulp_list", "tcp_ulp_ops", each -> true, out);
    }

    static void availableMptcpSchedulers(Setting setting, ProcText out) {
        printNames(setting, "mptcp_sched_list", "mptcp_sched_ops", each -> true, out);
    }

    static void availableMptcpPathManagers(Setting setting, ProcText out) {
        printNames(setting, "mptcp_pm_list", "mptcp_pm_ops", each -> true, out);
    }

    /** {@code set_default_qdisc}, net/core/sysctl_net_core.c. */
    static void defaultQueueingDiscipline(Setting setting, ProcText out) {
        out.put(setting.variables().pointee("default_qdisc_ops", "Qdisc_ops").string("id", NAME_LIMIT)).put('\n');
    }

    /** {@code proc_tcp_fastopen_key}: zeros where no key was ever set. */
    static void fastOpenKey(Setting setting, ProcText out) {
        KObject context = net(setting).ptr("ipv4.tcp_fastopen_ctx");
        int keys = context.isNull() ? 1 : Math.clamp(context.getInt("num"), 1, 2);
        for (int key = 0; key < keys; key++) {
            out.put(key == 0 ? "" : ",");
            for (int word = 0; word < 4; word++) {
                long at = context.isNull() ? 0 : context.at("key").index(key).address() + 4L * word;
                out.put(word == 0 ? "" : "-").hex(at == 0 ? 0 : setting.kernel().memory().u32(at), 8);
            }
        }
        out.put('\n');
    }

    /** {@code ipv4_local_port_range}: two integers up to 6.9, then the halves of one word. */
    static void localPortRange(Setting setting, ProcText out) {
        KObject range = net(setting).at("ipv4.ip_local_ports.range");
        if (range.type().size() == Integer.BYTES) {
            out.dec(range.value() & 0xffff).put('\t').dec(range.value() >>> 16 & 0xffff).put('\n');
        } else {
            out.dec(range.index(0).value()).put('\t').dec(range.index(1).value()).put('\n');
        }
    }

    /** {@code ipv4_ping_group_range}. */
    static void pingGroupRange(Setting setting, ProcText out) {
        KObject range = net(setting).at("ipv4.ping_group_range.range");
        out.unsigned(range.index(0).get("val") & 0xffff_ffffL).put('\t');
        out.unsigned(range.index(1).get("val") & 0xffff_ffffL).put('\n');
    }

    /** {@code ipv4_privileged_ports}. */
    static void privilegedPorts(Setting setting, ProcText out) {
        out.dec(net(setting).getInt("ipv4.sysctl_ip_prot_sock")).put('\n');
    }

    /** {@code proc_tcp_ehash_entries}: negative where the namespace uses the initial one's table. */
    static void tcpHashEntries(Setting setting, ProcText out) {
        KObject net = net(setting);
        KObject table = net.ptr("ipv4.tcp_death_row.hashinfo");
        int entries = table.getInt("ehash_mask") + 1;
        boolean isForeign = net.address() != setting.kernel().address("init_net") && table.get("pernet") == 0;
        out.dec(isForeign ? -entries : entries).put('\n');
    }

    /** {@code proc_udp_hash_entries}: likewise. */
    static void udpHashEntries(Setting setting, ProcText out) {
        KObject net = net(setting);
        KObject table = net.ptr("ipv4.udp_table");
        int entries = table.getInt("mask") + 1;
        boolean isForeign = net.address() != setting.kernel().address("init_net")
                && table.address() == setting.kernel().address("udp_table");
        out.dec(isForeign ? -entries : entries).put('\n');
    }

    /** {@code proc_fib_multipath_hash_seed}: what the user set. */
    static void multipathHashSeed(Setting setting, ProcText out) {
        out.unsigned(net(setting).get("ipv4.sysctl_fib_multipath_hash_seed.user_seed") & 0xffff_ffffL).put('\n');
    }

    /** {@code nf_log_proc_dostring}, net/netfilter/nf_log.c: the number of the protocol is in {@code extra1}. */
    static void netfilterLogger(Setting setting, ProcText out) {
        long protocol = setting.table().get("extra1") & 0xff;
        long address = net(setting).at("nf.nf_loggers").index(protocol).value();
        out.put(address == 0 ? "NONE" : setting.kernel().at(address, "nf_logger").string("name", NAME_LIMIT));
        out.put('\n');
    }

    /** {@code nf_hooks_lwtunnel_sysctl_handler}. */
    static void lightweightTunnelHooks(Setting setting, ProcText out) {
        KObject key = setting.kernel().object("nf_hooks_lwtunnel_enabled", "static_key");
        out.put(Vectors.isEnabled(key) ? "1\n" : "0\n");
    }

    /** {@code proc_do_rss_key}: all bytes in hexadecimal, with colons. */
    static void receiveSideScalingKey(Setting setting, ProcText out) {
        long room = setting.variables().sizeOfVariable("netdev_rss_key");
        byte[] key = new byte[room < LONG_RSS_KEY ? RSS_KEY : LONG_RSS_KEY];
        setting.kernel().memory().read(setting.kernel().address("netdev_rss_key"), key, 0, key.length);
        for (int i = 0; i < key.length; i++) {
            out.put(i == 0 ? "" : ":").hex(key[i] & 0xff, 2);
        }
        out.put('\n');
    }

    /** {@code rps_sock_flow_sysctl}: the size of the table; since 7.1 the pointer's lowest bits say it. */
    static void receiveFlowEntries(Setting setting, ProcText out) {
        Variables variables = setting.variables();
        long table = variables.has("rps_sock_flow_table") ? variables.u64("rps_sock_flow_table")
                : setting.kernel().object("net_hotdata", "net_hotdata").get("rps_sock_flow_table");
        boolean hasMask = setting.kernel().types().hasStruct("rps_sock_flow_table")
                && setting.kernel().types().struct("rps_sock_flow_table").has("mask");
        out.dec(table == 0 ? 0 : hasMask ? setting.kernel().at(table, "rps_sock_flow_table").get("mask") + 1
                : 1L << (table & 31)).put('\n');
    }

    /** {@code flow_limit_cpu_sysctl}: the CPUs that have a limit. */
    static void flowLimitCpus(Setting setting, ProcText out) {
        Kernel kernel = setting.kernel();
        List<Integer> limited = new ArrayList<>();
        for (int cpu : kernel.possibleCpus()) {
            if (setting.variables().perCpu("softnet_data", "softnet_data", cpu).get("flow_limit") != 0) {
                limited.add(cpu);
            }
        }
        printMask(setting, limited.stream().mapToInt(Integer::intValue).toArray(), out);
    }

    /** {@code rps_default_mask_sysctl}. */
    static void receiveSteeringMask(Setting setting, ProcText out) {
        long mask = net(setting).get("core.rps_default_mask");
        printMask(setting, mask == 0 ? new int[0] : CpuMasks.of(setting.kernel(), mask), out);
    }

    /** {@code __vsock_net_mode_string}, net/vmw_vsock/af_vsock.c (7.0). */
    static void vsockMode(Setting setting, ProcText out) {
        if (!setting.isEmpty()) {
            out.put(setting.kernel().memory().u32(setting.data()) == 0 ? "global\n" : "local\n");
        }
    }

    /** {@code addrconf_sysctl_stable_secret}: there is none of all interfaces together, or none was set. */
    static void stableSecret(Setting setting, ProcText out) {
        KObject secret = setting.as("ipv6_stable_secret");
        boolean isOfAll = setting.data() == net(setting).ptr("ipv6.devconf_all").at("stable_secret").address();
        if (isOfAll || secret.get("initialized") == 0) {
            throw new VfsException(Errno.EIO);
        }
        long address = secret.at("secret").address();
        for (int i = 0; i < 16; i += 2) {
            int group = setting.kernel().memory().u8(address + i) << 8 | setting.kernel().memory().u8(address + i + 1);
            out.put(i == 0 ? "" : ":").hex(group, 4);
        }
        out.put('\n');
    }

    /** {@code proc_unres_qlen}, net/core/neighbour.c: kept in bytes, printed in frames of Ethernet. */
    static void unresolvedQueue(Setting setting, ProcText out) {
        long frame = ETH_FRAME_LEN + aligned(setting.kernel().types().struct("sk_buff"))
                + aligned(setting.kernel().types().struct("skb_shared_info"));
        out.dec((int) setting.kernel().memory().u32(setting.data()) / frame).put('\n');
    }

    /** {@code ndisc_ifinfo_sysctl_change}, {@code neigh_proc_base_reachable_time}: the unit goes with the name. */
    static void neighbourTime(Setting setting, ProcText out) {
        switch (setting.name()) {
            case "retrans_time" -> Vectors.ints(setting, out);
            case "base_reachable_time" -> Vectors.jiffiesAsSeconds(setting, out);
            default -> Vectors.jiffiesAsMilliseconds(setting, out);
        }
    }

    private static void printNames(Setting setting, String list, String type, Predicate<KObject> which, ProcText out) {
        List<String> names = new ArrayList<>();
        for (KObject each : Lists.list(setting.kernel().object(list, "list_head"), type, "list")) {
            if (which.test(each)) {
                names.add(each.string("name", NAME_LIMIT));
            }
        }
        out.put(String.join(" ", names)).put('\n');
    }

    /** {@code %*pb}. */
    private static void printMask(Setting setting, int[] cpus, ProcText out) {
        out.put(CpuMasks.hex(setting.kernel(), cpus)).put('\n');
    }

    private static long aligned(StructType structure) {
        return (structure.size() + CACHE_LINE - 1L) / CACHE_LINE * CACHE_LINE;
    }
}
