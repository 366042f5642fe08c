package io.scwatcher.vprocfs.net;

import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.net.Mib;
import io.scwatcher.kernel.net.MibList;
import io.scwatcher.kernel.net.NetNamespace;
import io.scwatcher.vprocfs.ProcText;

/** /proc/net/netstat (net/ipv4/proc.c, netstat_seq_show; net/mptcp/mib.c, mptcp_seq_show). */
final class NetstatFile implements NetFile {
    @Override
    public void print(NetNamespace net, ProcText out) {
        Kernel kernel = net.kernel();
        Mib mib = new Mib(net);
        MibText.pairOfLines(out, "TcpExt:", MibList.read(kernel, "snmp4_net_list"), mib, "net_statistics");
        out.put('\n');
        MibText.pairOfLines(out, "IpExt:", MibList.read(kernel, "snmp4_ipextstats_list"), mib, "ip_statistics");
        out.put('\n');
        if (kernel.symbols().has("mptcp_snmp_list")) {
            MibText.pairOfLines(out, "MPTcpExt:", MibList.read(kernel, "mptcp_snmp_list"), mib, "mptcp_statistics");
            out.put('\n');
        }
    }
}
