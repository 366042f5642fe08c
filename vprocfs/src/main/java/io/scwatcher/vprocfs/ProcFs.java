package io.scwatcher.vprocfs;

import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.task.PidNamespace;
import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.Directory;
import io.scwatcher.vfs.Node;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * /proc of a guest. Every access to the root sees the current epoch; what was looked up there stays with the epoch in
 * which it was found.
 */
public final class ProcFs {
    private final Supplier<Kernel> epochs;
    private final Function<Kernel, PidNamespace> namespace;
    private final SelfProvider self;
    private volatile Epoch current;

    private record Epoch(ProcView view, RootDirectory root) {}

    /** /proc as the guest's initial PID namespace sees it, read by nobody of the guest. */
    public ProcFs(Supplier<Kernel> epochs) {
        this(epochs, PidNamespace::initial, SelfProvider.NOBODY);
    }

    /**
     * @param epochs gives the kernel of the current epoch; the same object as long as the epoch lasts
     * @param namespace the PID namespace to show
     * @param self who reads
     */
    public ProcFs(Supplier<Kernel> epochs, Function<Kernel, PidNamespace> namespace, SelfProvider self) {
        this.epochs = epochs;
        this.namespace = namespace;
        this.self = self;
    }

    /** The tree. Its nodes fail with {@link io.scwatcher.vfs.VfsException}, whatever the guest's memory holds. */
    public Directory root() {
        return Guarded.tree(new Root(), () -> epochs.get().anomalies());
    }

    /** The view of the current epoch. */
    public ProcView view() {
        return epoch().view;
    }

    private Epoch epoch() {
        Kernel kernel = epochs.get();
        Epoch epoch = current;
        if (epoch == null || epoch.view.kernel() != kernel) {
            ProcView view = new ProcView(kernel, namespace.apply(kernel), self);
            epoch = new Epoch(view, new RootDirectory(view));
            current = epoch;
        }
        return epoch;
    }

    private final class Root implements Directory {
        @Override
        public Attributes attributes() {
            return epoch().root.attributes();
        }

        @Override
        public Node lookup(String name) {
            return epoch().root.lookup(name);
        }

        @Override
        public List<Entry> list() {
            return epoch().root.list();
        }
    }
}
