package io.scwatcher.kernel.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Trees of address ranges: {@code iomem_resource} and {@code ioport_resource} (kernel/resource.c). */
public final class Resources {
    private static final int MOST = 1 << 16;

    private final Kernel kernel;

    public Resources(Kernel kernel) {
        this.kernel = kernel;
    }

    /** A {@code struct resource} and how deep below the root's children it lies. */
    public record Range(KObject resource, int depth) {}

    /** All ranges below a root, parents before children. */
    public List<Range> below(KObject root) {
        List<Range> found = new ArrayList<>();
        Set<Long> seen = new HashSet<>();
        List<KObject> path = new ArrayList<>();
        KObject current = root.ptr("child");
        while (!current.isNull()) {
            if (!seen.add(current.address()) || found.size() >= MOST) {
                kernel.anomalies().record("the tree of resources at %#x runs in circles".formatted(root.address()));
                break;
            }
            found.add(new Range(current, path.size()));
            KObject next = current.ptr("child");
            if (!next.isNull()) {
                path.add(current);
            } else {
                next = current.ptr("sibling");
                while (next.isNull() && !path.isEmpty()) {
                    next = path.removeLast().ptr("sibling");
                }
            }
            current = next;
        }
        return found;
    }
}
