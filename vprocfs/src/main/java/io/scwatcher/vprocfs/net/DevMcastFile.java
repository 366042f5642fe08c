package io.scwatcher.vprocfs.net;

import io.scwatcher.kernel.net.HardwareAddress;
import io.scwatcher.kernel.net.NetDevice;
import io.scwatcher.kernel.net.NetNamespace;
import io.scwatcher.vprocfs.ProcText;

/** /proc/net/dev_mcast (net/core/net-procfs.c, dev_mc_seq_show). */
final class DevMcastFile implements NetFile {
    @Override
    public void print(NetNamespace net, ProcText out) {
        for (NetDevice device : NetDevice.byIndex(net)) {
            for (HardwareAddress each : HardwareAddress.multicast(device)) {
                out.left(Integer.toString(device.index()), 4).put(' ').left(device.name(), 15)
                        .put(' ').left(Integer.toString(each.references()), 5)
                        .put(' ').left(Integer.toString(each.global()), 5).put(' ');
                for (byte part : each.address()) {
                    out.hex(part & 0xff, 2);
                }
                out.put('\n');
            }
        }
    }
}
