package io.scwatcher.vprocfs.net;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.net.NetNamespace;
import io.scwatcher.kernel.net.Protocol;
import io.scwatcher.vprocfs.ProcText;

/** /proc/net/sockstat (net/ipv4/proc.c, sockstat_seq_show) and /proc/net/sockstat6 (net/ipv6/proc.c). */
final class SockstatFile {
    private SockstatFile() {}

    static void print(NetNamespace net, ProcText out) {
        Kernel kernel = net.kernel();
        out.put("sockets: used ").dec(socketsUsed(net)).put('\n');
        Protocol tcp = Protocol.named(kernel, "TCP");
        if (tcp != null) {
            out.put("TCP: inuse ").dec(tcp.socketsIn(net)).put(" orphan ").dec(Protocol.orphans(kernel))
                    .put(" tw ").dec(timeWaits(net)).put(" alloc ").dec(tcp.socketsAllocated())
                    .put(" mem ").dec(tcp.memory()).put('\n');
        }
        Protocol udp = Protocol.named(kernel, "UDP");
        if (udp != null) {
            out.put("UDP: inuse ").dec(udp.socketsIn(net)).put(" mem ").dec(udp.memory()).put('\n');
        }
        inUse(net, out, "UDPLITE", "UDP-Lite");
        inUse(net, out, "RAW", "RAW");
        fragments(net, out, "FRAG", "ipv4.fqdir");
    }

    static void print6(NetNamespace net, ProcText out) {
        inUse(net, out, "TCP6", "TCPv6");
        inUse(net, out, "UDP6", "UDPv6");
        inUse(net, out, "UDPLITE6", "UDPLITEv6");
        inUse(net, out, "RAW6", "RAWv6");
        fragments(net, out, "FRAG6", "ipv6.fqdir");
    }

    /** {@code sock_inuse_get}: counted with the protocols' sockets since 5.17. */
    private static int socketsUsed(NetNamespace net) {
        Kernel kernel = net.kernel();
        boolean own = net.net().has("core.sock_inuse");
        long counters = net.net().get(own ? "core.sock_inuse" : "core.prot_inuse");
        int sum = 0;
        for (int cpu : kernel.possibleCpus()) {
            long counter = kernel.perCpu(counters, cpu);
            sum += own ? (int) kernel.memory().u32(counter) : kernel.at(counter, "prot_inuse").getInt("all");
        }
        return sum;
    }

    private static int timeWaits(NetNamespace net) {
        KObject deathRow = net.follow("ipv4.tcp_death_row");
        return deathRow.has("tw_count.counter") ? deathRow.getInt("tw_count.counter")
                : deathRow.getInt("tw_refcount.refs.counter") - 1;
    }

    private static void inUse(NetNamespace net, ProcText out, String label, String name) {
        Protocol protocol = Protocol.named(net.kernel(), name);
        if (protocol != null) {
            out.put(label).put(": inuse ").dec(protocol.socketsIn(net)).put('\n');
        }
    }

    private static void fragments(NetNamespace net, ProcText out, String label, String member) {
        KObject queues = net.follow(member);
        out.put(label).put(": inuse ").unsigned(queues.get("rhashtable.nelems.counter") & 0xffff_ffffL)
                .put(" memory ").unsigned(queues.get("mem.counter")).put('\n');
    }
}
