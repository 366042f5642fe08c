package io.scwatcher.kernel.net;

import io.scwatcher.kernel.KObject;
import java.util.ArrayList;
import java.util.List;

/** Lists that no sane guest lets grow beyond a limit, and that cost too much to follow if an insane one does. */
final class Limited {
    private Limited() {}

    /**
     * The first elements of a list.
     *
     * @param what for the anomaly that is recorded if there are more than {@code limit}
     */
    static List<KObject> list(Iterable<KObject> elements, int limit, String what) {
        List<KObject> list = new ArrayList<>();
        for (KObject element : elements) {
            if (list.size() == limit) {
                element.kernel().anomalies().record("more than %d %s".formatted(limit, what));
                break;
            }
            list.add(element);
        }
        return list;
    }
}
