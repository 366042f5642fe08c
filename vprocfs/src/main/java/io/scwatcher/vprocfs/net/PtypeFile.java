package io.scwatcher.vprocfs.net;

import io.scwatcher.kernel.net.NetNamespace;
import io.scwatcher.kernel.net.PacketType;
import io.scwatcher.vprocfs.ProcText;

/** /proc/net/ptype (net/core/net-procfs.c, ptype_seq_show). */
final class PtypeFile implements NetFile {
    private static final int ETH_P_ALL = 3;

    @Override
    public void print(NetNamespace net, ProcText out) {
        out.put("Type Device      Function\n");
        for (PacketType type : PacketType.of(net)) {
            if (type.protocol() == ETH_P_ALL) {
                out.put("ALL ");
            } else {
                out.hex(type.protocol(), 4);
            }
            out.put(' ').left(type.device() == null ? "" : type.device().name(), 8)
                    .put(' ').put(SymbolText.of(net.kernel(), type.function())).put('\n');
        }
    }
}
