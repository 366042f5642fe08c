package io.scwatcher.enclave.run;

import io.scwatcher.enclave.watch.Capture;
import io.scwatcher.enclave.watch.WatchedVm;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * VMs that are watched live: each is opened and profiled once, for all commands that run at the same time, and stays open for those that follow. One
 * that is gone is let go of: open, it would hold the memory of a dead VM. Safe for several threads; who opens one VM does not keep those waiting who
 * want another.
 */
final class LiveWatches implements AutoCloseable {
    private final VmSource source;
    private final Map<String, Slot> slots = new HashMap<>();

    LiveWatches(VmSource source) {
        this.source = source;
    }

    /** A VM by the name that users give it; its monitor guards what is open. */
    private static final class Slot {
        private Opened opened;
    }

    /** One opening of a VM. Outlives its slot's interest in it until the last command that uses it is over. */
    private final class Opened {
        private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
        private final WatchedVm vm;
        private int users;
        private boolean retired;

        Opened(String name, Consumer<String> first) {
            listeners.add(first);
            vm = source.open(name, Capture.LIVE, line -> listeners.forEach(listener -> listener.accept(line)));
            listeners.remove(first);
        }

        synchronized void acquire(Consumer<String> listener) {
            users++;
            listeners.add(listener);
        }

        synchronized void release(Consumer<String> listener) {
            listeners.remove(listener);
            users--;
            closeIfUnused();
        }

        synchronized void retire() {
            retired = true;
            closeIfUnused();
        }

        private void closeIfUnused() {
            if (retired && users == 0) {
                vm.watch().close();
            }
        }

        boolean isReadable() {
            try {
                vm.watch().hostName();
                return true;
            } catch (RuntimeException gone) {
                return false;
            }
        }
    }

    /** A command's use of a VM; {@link #close} is to be called once. */
    record Use(WatchedVm vm, Runnable release) implements AutoCloseable {
        @Override
        public void close() {
            release.run();
        }
    }

    /**
     * The VM, opened or open already.
     *
     * @param notes takes lines for people until the use is closed
     * @throws io.scwatcher.memory.GuestMemoryException as {@link VmSource#open}
     * @throws io.scwatcher.kernel.discovery.DiscoveryException likewise
     */
    Use use(String vm, Consumer<String> notes) {
        Slot slot;
        synchronized (slots) {
            slot = slots.computeIfAbsent(vm, _ -> new Slot());
        }
        synchronized (slot) {
            retireIfGone(slot);
            if (slot.opened == null) {
                slot.opened = new Opened(vm, notes);
            }
            Opened opened = slot.opened;
            opened.acquire(notes);
            return new Use(opened.vm, () -> opened.release(notes));
        }
    }

    /** Lets go of VMs that are gone. */
    void sweep() {
        List<Slot> all;
        synchronized (slots) {
            all = new ArrayList<>(slots.values());
        }
        for (Slot slot : all) {
            synchronized (slot) {
                retireIfGone(slot);
            }
        }
    }

    private static void retireIfGone(Slot slot) {
        if (slot.opened != null && !slot.opened.isReadable()) {
            slot.opened.retire();
            slot.opened = null;
        }
    }

    @Override
    public void close() {
        synchronized (slots) {
            for (Slot slot : slots.values()) {
                synchronized (slot) {
                    if (slot.opened != null) {
                        slot.opened.retire();
                        slot.opened = null;
                    }
                }
            }
        }
    }
}
