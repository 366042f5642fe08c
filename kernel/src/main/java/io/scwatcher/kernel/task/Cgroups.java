package io.scwatcher.kernel.task;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.collection.Lists;
import java.util.ArrayList;
import java.util.List;

/** Control groups (kernel/cgroup/cgroup.c): hierarchies, and where a task is in each. */
public final class Cgroups {
    private static final int MOST_HIERARCHIES = 4096;
    private static final int DEEPEST = 1024;
    private static final int LONGEST_NAME = 256;
    private static final int CSS_ONLINE = 1 << 1;

    private final Kernel kernel;

    public Cgroups(Kernel kernel) {
        this.kernel = kernel;
    }

    /** The {@code struct cgroup_root} of each hierarchy, the newest first. */
    public List<KObject> hierarchies() {
        List<KObject> roots = new ArrayList<>();
        KObject head = kernel.at(kernel.address("cgroup_roots"), "list_head");
        for (KObject root : Lists.list(head, "cgroup_root", "root_list")) {
            roots.add(root);
            if (roots.size() >= MOST_HIERARCHIES) {
                break;
            }
        }
        return roots;
    }

    /** Whether it is the hierarchy of cgroup v2. */
    public boolean isUnified(KObject root) {
        return root.address() == kernel.address("cgrp_dfl_root");
    }

    /** Whether cgroup v2 was ever mounted: before, nobody is told of it. */
    public boolean isUnifiedVisible() {
        return !kernel.symbols().has("cgrp_dfl_visible") || kernel.memory().u8(kernel.address("cgrp_dfl_visible")) != 0;
    }

    /** The controllers of a v1 hierarchy, joined by commas. */
    public String controllers(KObject root) {
        long mask = root.get("subsys_mask");
        int count = (int) Math.clamp(kernel.types().enumerator("CGROUP_SUBSYS_COUNT").orElse(0), 0L, Long.SIZE);
        long table = kernel.address("cgroup_subsys");
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < count; i++) {
            if ((mask >> i & 1) != 0) {
                KObject subsystem = kernel.at(kernel.memory().u64(table + (long) i * Long.BYTES), "cgroup_subsys");
                names.append(names.isEmpty() ? "" : ",").append(subsystem.string("legacy_name", LONGEST_NAME));
            }
        }
        return names.toString();
    }

    /** {@code task_cgroup_from_root}: null if the task is in no group of it (its root was unmounted). */
    public KObject groupOf(Task task, KObject root) {
        return groupOf(task.object().ptr("cgroups"), root);
    }

    /** The group in which a controller sees a task; null if the controller is not built in. */
    public KObject groupOf(Task task, String controller) {
        var id = kernel.types().enumerator(controller);
        if (id.isEmpty()) {
            return null;
        }
        KObject state = task.object().ptr("cgroups").at("subsys").index(id.getAsLong()).deref();
        return state.isNull() ? null : state.ptr("cgroup");
    }

    /** The group that the reader, in the initial cgroup namespace, takes for the root of a hierarchy. */
    public KObject viewRoot(KObject root) {
        return root.at("cgrp");
    }

    /** {@code cgroup_path_ns}: a group's path below another one. */
    public String path(KObject group, KObject below) {
        return nodePath(group.ptr("kn"), below.get("kn"));
    }

    /** A {@code struct kernfs_node}'s path below another one, or below its root if that is 0. */
    public static String nodePath(KObject kernfsNode, long below) {
        List<String> names = new ArrayList<>();
        KObject node = kernfsNode;
        // 6.15 marked the parent as protected by RCU and renamed it.
        String parent = node.has("__parent") ? "__parent" : "parent";
        for (int i = 0; i < DEEPEST && node.address() != below && node.get(parent) != 0; i++) {
            names.add(node.string("name", LONGEST_NAME));
            node = node.ptr(parent);
        }
        if (names.isEmpty()) {
            return "/";
        }
        StringBuilder path = new StringBuilder();
        for (int i = names.size() - 1; i >= 0; i--) {
            path.append('/').append(names.get(i));
        }
        return path.toString();
    }

    /** {@code cgroup_is_dead}. */
    public boolean isDead(KObject group) {
        return (group.get("self.flags") & CSS_ONLINE) == 0;
    }

    private KObject groupOf(KObject set, KObject root) {
        if (set.address() == kernel.address("init_css_set")) {
            return root.at("cgrp");
        }
        if (isUnified(root)) {
            return set.ptr("dfl_cgrp");
        }
        for (KObject link : Lists.list(set.at("cgrp_links"), "cgrp_cset_link", "cgrp_link")) {
            KObject group = link.ptr("cgrp");
            if (group.get("root") == root.address()) {
                return group;
            }
        }
        return null;
    }
}
