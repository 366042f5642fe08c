package io.scwatcher.host;

import io.scwatcher.enclave.watch.Capture;
import io.scwatcher.enclave.watch.VmWatch;
import io.scwatcher.channel.session.AgentAddress;
import io.scwatcher.host.agent.RemoteVm;
import io.scwatcher.host.fuse.FuseMount;
import io.scwatcher.host.fuse.MountException;
import io.scwatcher.host.fuse.MountOptions;
import io.scwatcher.host.fuse.Tree;
import io.scwatcher.host.proc.NativeProc;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.discovery.DiscoveryListener;
import io.scwatcher.kernel.discovery.KernelProfile;
import io.scwatcher.memory.GuestMemories;
import io.scwatcher.memory.GuestMemory;
import io.scwatcher.vprocfs.ProcFs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** A VM of this host that is being watched from this very process, without an enclave between. */
public final class Watch implements AutoCloseable {
    /** See {@link VmWatch#STALENESS}. */
    public static final Duration STALENESS = VmWatch.STALENESS;

    private final VmWatch vm;

    private Watch(VmWatch vm) {
        this.vm = vm;
    }

    /** Opens a VM as {@link #open(String, Capture, Duration, DiscoveryListener, Consumer)} with the usual staleness. */
    public static Watch open(String vm, Capture capture, Consumer<String> notes) {
        return open(vm, capture, STALENESS, DiscoveryListener.NONE, notes);
    }

    /**
     * Opens a VM and profiles its kernel.
     *
     * @param vm what {@link Vms#resolve} takes, or an agent's address
     * @param staleness how old an epoch of a live capture may become
     * @param profiling hears of the steps of the discovery
     * @param notes takes lines for people, during the whole watch
     * @throws io.scwatcher.memory.GuestMemoryException one line: if the VM cannot be opened, or not be paused where that is asked for
     * @throws io.scwatcher.kernel.discovery.DiscoveryException one line: if its kernel cannot be read
     */
    public static Watch open(String vm, Capture capture, Duration staleness, DiscoveryListener profiling, Consumer<String> notes) {
        List<? extends GuestMemory> memory = AgentAddress.isAgent(vm) ? List.of(RemoteVm.open(vm)) : GuestMemories.candidates(Vms.resolve(vm));
        return new Watch(VmWatch.open(vm, memory, capture, staleness, profiling, notes));
    }

    /** The same, as whoever knows no host sees it. */
    public VmWatch vm() {
        return vm;
    }

    public GuestMemory memory() {
        return vm.memory();
    }

    /** Of the kernel that runs now; another one after a reboot. */
    public KernelProfile profile() {
        return vm.profile();
    }

    /** The kernel of the current epoch. */
    public Kernel kernel() {
        return vm.kernel();
    }

    /** The VM's /proc. */
    public ProcFs proc() {
        return vm.proc();
    }

    /** The VM's /proc and its age, as {@link NativeRuntime} takes it. */
    public Tree tree() {
        return new Tree(vm.proc().root(), vm.epochs());
    }

    /**
     * Mounts the VM's /proc.
     *
     * @param everyone whether other users may look in, held to the modes of the files
     * @throws MountException one line: why not
     */
    public FuseMount mount(Path directory, boolean everyone) throws MountException {
        MountOptions options = MountOptions.ofSource(hostName());
        return FuseMount.mount(new Tree(NativeProc.of(vm.proc().root()), vm.epochs()), directory,
                everyone ? options.forEveryone() : options, this::failed);
    }

    /** {@code uname -n} of the VM, "localhost" if it has none. */
    public String hostName() {
        return vm.hostName();
    }

    /** Tells, each thing once, what kept a file from being read; readers get EIO. */
    public void failed(Throwable failure) {
        vm.failed(failure);
    }

    /** Resumes the VM if it was paused, and lets it go. @throws io.scwatcher.memory.GuestMemoryException one line: if it was paused and may be so still, or is gone */
    @Override
    public void close() {
        vm.close();
    }
}
