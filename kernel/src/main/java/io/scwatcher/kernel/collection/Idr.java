package io.scwatcher.kernel.collection;

import io.scwatcher.kernel.KObject;
import java.util.List;

/** ID allocators (include/linux/idr.h): a radix tree whose indexes are shifted by {@code idr_base}. */
public final class Idr {
    private Idr() {}

    /** All entries by ascending id. @param idr a {@code struct idr} */
    public static List<XArray.Entry> entries(KObject idr) {
        long base = idr.getOr("idr_base", 0);
        List<XArray.Entry> entries = XArray.entries(idr.at("idr_rt"));
        return base == 0 ? entries
                : entries.stream().map(entry -> new XArray.Entry(entry.index() + base, entry.value())).toList();
    }

    /** The entry of an id, or 0. */
    public static long find(KObject idr, long id) {
        long index = id - idr.getOr("idr_base", 0);
        return index < 0 ? 0 : XArray.load(idr.at("idr_rt"), index);
    }
}
