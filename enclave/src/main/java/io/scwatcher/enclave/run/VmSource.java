package io.scwatcher.enclave.run;

import io.scwatcher.enclave.watch.Capture;
import io.scwatcher.enclave.watch.WatchedVm;
import java.util.function.Consumer;

/** Where VMs come from. Safe for several threads. */
@FunctionalInterface
public interface VmSource {
    /**
     * Opens a VM and profiles its kernel.
     *
     * @param vm as the request names it
     * @param notes takes lines for people, as long as it is watched
     * @throws io.scwatcher.memory.GuestMemoryException one line: if it cannot be opened, or not be paused where that is asked for
     * @throws io.scwatcher.kernel.discovery.DiscoveryException one line: if its kernel cannot be read
     */
    WatchedVm open(String vm, Capture capture, Consumer<String> notes);
}
