package io.scwatcher.kernel.task;

import io.scwatcher.kernel.KObject;
import java.util.ArrayList;
import java.util.List;

/**
 * A user namespace: how its ids and the global ones map (kernel/user_namespace.c).
 *
 * @param object the {@code struct user_namespace}
 */
public record UserNamespace(KObject object) {
    /** {@code UID_GID_MAP_MAX_BASE_EXTENTS}: more are kept in an allocated array. */
    private static final int INLINE_EXTENTS = 5;
    /** {@code UID_GID_MAP_MAX_EXTENTS}. */
    private static final int MOST_EXTENTS = 340;

    /** {@code count} ids from {@code first} on are the ids from {@code lowerFirst} on, globally. */
    public record Extent(int first, int lowerFirst, int count) {}

    /** The global user id of one of this namespace, -1 if it has none. */
    public int globalUid(int uid) {
        return down(extents("uid_map"), uid);
    }

    /** The global group id of one of this namespace, -1 if it has none. */
    public int globalGid(int gid) {
        return down(extents("gid_map"), gid);
    }

    /** {@code map_id_up}: the id in this namespace of a global one, -1 if it has none. */
    public static int up(List<Extent> extents, int global) {
        for (Extent extent : extents) {
            if (Integer.compareUnsigned(global - extent.lowerFirst, extent.count) < 0) {
                return global - extent.lowerFirst + extent.first;
            }
        }
        return -1;
    }

    /** {@code map_id_down}. */
    public static int down(List<Extent> extents, int id) {
        for (Extent extent : extents) {
            if (Integer.compareUnsigned(id - extent.first, extent.count) < 0) {
                return id - extent.first + extent.lowerFirst;
            }
        }
        return -1;
    }

    /** The lines of {@code uid_map}, {@code gid_map} or {@code projid_map}. */
    public List<Extent> extents(String map) {
        KObject at = object.at(map);
        int count = Math.clamp(at.get("nr_extents") & 0xffff_ffffL, 0, MOST_EXTENTS);
        KObject array = count <= INLINE_EXTENTS ? at.at("extent") : at.ptr("forward");
        List<Extent> extents = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            KObject extent = array.index(i);
            extents.add(new Extent(extent.getInt("first"), extent.getInt("lower_first"), extent.getInt("count")));
        }
        return extents;
    }
}
