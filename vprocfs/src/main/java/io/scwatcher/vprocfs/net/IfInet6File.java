package io.scwatcher.vprocfs.net;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.net.Inet6Address;
import io.scwatcher.kernel.net.NetNamespace;
import io.scwatcher.vprocfs.ProcText;

/** /proc/net/if_inet6 (net/ipv6/addrconf.c, if6_seq_show). */
final class IfInet6File implements NetFile {
    @Override
    public void print(NetNamespace net, ProcText out) {
        for (Inet6Address each : Inet6Address.all(net)) {
            KObject address = each.address();
            AddressText.plain6(out, address.at("addr"));
            out.put(' ').hex(each.device().index(), 2)
                    .put(' ').hex(address.get("prefix_len") & 0xffff_ffffL, 2)
                    .put(' ').hex(address.get("scope") & 0xffff_ffffL, 2)
                    .put(' ').hex(address.get("flags") & 0xff, 2)
                    .put(' ').right(each.device().name(), 8).put('\n');
        }
    }
}
