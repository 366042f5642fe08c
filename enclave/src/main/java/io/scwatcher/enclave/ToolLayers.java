package io.scwatcher.enclave;

import io.scwatcher.enclave.netlink.RouteNetlink;
import io.scwatcher.enclave.netlink.SockDiagNetlink;
import io.scwatcher.enclave.view.VmSys;
import io.scwatcher.enclave.view.VmView;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.os.Layer;
import io.scwatcher.os.bundle.Bundle;
import io.scwatcher.vfs.Directory;
import java.util.function.Supplier;

/** Puts layers together: a bundle as the root file system, and a VM, or the layer itself, as the system. */
public final class ToolLayers {
    private ToolLayers() {}

    /** A layer whose programs see a VM. */
    public static Layer.Builder watching(Bundle bundle, Supplier<Kernel> epochs, Directory proc) {
        VmView view = new VmView(epochs);
        return null;
    }

    /** A layer whose programs see nothing but the layer. */
    public static Layer.Builder alone(Bundle bundle) {
        return null;
    }
}
