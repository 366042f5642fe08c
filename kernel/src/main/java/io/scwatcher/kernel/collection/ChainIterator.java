package io.scwatcher.kernel.collection;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.memory.MemoryFault;
import io.scwatcher.kernel.type.StructType;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * Walks a chain of links that are embedded in structures. Ends at the chain's own end, at a link that is not mapped, at
 * a cycle (Brent's algorithm: constant memory, found within three times the cycle's length) or after {@link #LIMIT}
 * elements; all but the first are recorded as anomalies.
 */
abstract class ChainIterator implements Iterator<KObject> {
    static final int LIMIT = 1 << 24;

    private final Kernel kernel;
    private final StructType container;
    private final int memberOffset;
    private final String name;
    private long link;
    private long tortoise;
    private int stepsToNextTortoise = 1;
    private int lap = 1;
    private int count;
    private boolean stopped;

    ChainIterator(Kernel kernel, StructType container, String member, long first) {
        this.kernel = kernel;
        this.container = container;
        this.memberOffset = container.offsetOf(member);
        this.name = container.name() + '.' + member;
        this.link = first;
    }

    /** Whether the link marks the end instead of an element. */
    abstract boolean isEnd(long candidate);

    /** The link behind an element's. */
    abstract long following(long element);

    @Override
    public final boolean hasNext() {
        if (link == 0 && !isEnd(0)) {
            stop("ends in a null pointer");
        }
        return !finished();
    }

    @Override
    public final KObject next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        KObject element = new KObject(kernel, container, link - memberOffset);
        advance();
        return element;
    }

    private void advance() {
        try {
            link = following(link);
        } catch (MemoryFault fault) {
            stop("broken after %d elements: %s".formatted(count, fault.getMessage()));
            return;
        }
        count++;
        if (finished()) {
            return;
        }
        if (link == tortoise) {
            stop("runs in a circle after %d elements".formatted(count));
        } else if (count >= LIMIT) {
            stop("longer than %d elements".formatted(LIMIT));
        } else if (--stepsToNextTortoise == 0) {
            tortoise = link;
            lap *= 2;
            stepsToNextTortoise = lap;
        }
    }

    private boolean finished() {
        return stopped || isEnd(link);
    }

    private void stop(String why) {
        if (!stopped) {
            stopped = true;
            kernel.anomalies().record("list through " + name + ' ' + why);
        }
    }
}
