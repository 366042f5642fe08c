package io.scwatcher.enclave;

import io.scwatcher.enclave.view.VmDevices;
import io.scwatcher.enclave.view.VmView;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.os.Layer;
import io.scwatcher.os.bundle.Bundle;
import io.scwatcher.os.fs.StandardTree;
import io.scwatcher.vfs.Directory;
import io.scwatcher.vprocfs.sysfs.SysFs;
import java.util.function.Supplier;

/** Puts layers together: a bundle as the root file system, and a VM, or the layer itself, as the system. */
public final class ToolLayers {
    /** What programs may write to their root file system, and as much again to /dev/shm: a gigabyte, or an eighth of the JVM's memory if that is less. */
    private static final long MAX_WRITTEN = Math.min(1L << 30, Runtime.getRuntime().maxMemory() / 8);

    private ToolLayers() {}

    /**
     * A layer whose programs see a VM.
     *
     * @param epochs gives the kernel of the current epoch
     * @param proc the VM's /proc
     */
    public static Layer.Builder watching(Bundle bundle, Supplier<Kernel> epochs, Directory proc) {
        StandardTree tree = new StandardTree(bundle.root(), MAX_WRITTEN).proc(proc).sys(new SysFs(epochs).root())
                .dev(VmDevices.root(epochs), VmDevices.device(epochs));
        VmDevices.mounts(epochs).forEach((name, mounted) -> tree.belowDev(name, mounted.type(), mounted.magic(), mounted.device(), mounted.root()));
        return tree.mount(Layer.builder()).systemView(new VmView(epochs));
    }

    /** A layer whose programs see nothing but the layer. */
    public static Layer.Builder alone(Bundle bundle) {
        return new StandardTree(bundle.root(), MAX_WRITTEN).mount(Layer.builder());
    }
}
