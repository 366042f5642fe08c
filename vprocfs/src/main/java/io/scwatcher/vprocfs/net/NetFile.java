package io.scwatcher.vprocfs.net;

import io.scwatcher.kernel.net.NetNamespace;
import io.scwatcher.vprocfs.ProcText;

/** A proc file about one network namespace, such as /proc/net/tcp. */
@FunctionalInterface
public interface NetFile {
    void print(NetNamespace net, ProcText out);
}
