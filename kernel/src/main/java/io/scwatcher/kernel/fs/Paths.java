package io.scwatcher.kernel.fs;

import io.scwatcher.kernel.KObject;
import java.util.ArrayList;
import java.util.List;

/** Paths as the kernel prints them: fs/d_path.c. Bounded by the kernel's own {@code PATH_MAX} and depth. */
public final class Paths {
    private static final int LONGEST = 4096;
    private static final int DEEPEST = 4096;
    private static final int LONGEST_NAME = 255;

    /** What the walk from a dentry up to a root ran into. */
    public enum End { ROOT, OTHER_ROOT, DETACHED, ESCAPED }

    /** A path and how it ended. */
    public record Walk(String path, End end) {}

    private Paths() {}

    /**
     * {@code d_path}: the path as seen from {@code root}, with " (deleted)" behind what was unlinked; for pipes, sockets
     * and other nameless objects what the kernel makes up for them.
     */
    public static String of(Path path, Path root) {
        KObject dentry = path.dentry();
        KObject operations = dentry.ptr("d_op");
        if (!operations.isNull() && operations.get("d_dname") != 0
                && (!isRoot(dentry) || dentry.address() != path.mount().get("mnt.mnt_root"))) {
            return DynamicName.of(dentry, operations.get("d_dname"));
        }
        String name = walk(path, root).path();
        return isUnlinked(dentry) ? name + " (deleted)" : name;
    }

    /** {@code prepend_path}: up through the mounts until {@code root}. */
    public static Walk walk(Path path, Path root) {
        List<String> names = new ArrayList<>();
        KObject dentry = path.dentry();
        KObject mount = path.mount();
        for (int step = 0; step < DEEPEST; step++) {
            if (dentry.address() == root.dentry().address() && mount.address() == root.mount().address()) {
                return new Walk(join(names), End.ROOT);
            }
            if (dentry.address() == mount.get("mnt.mnt_root")) {
                KObject above = mount.ptr("mnt_parent");
                if (above.address() == mount.address()) {
                    return new Walk(join(names), isMounted(mount) ? End.OTHER_ROOT : End.DETACHED);
                }
                dentry = mount.ptr("mnt_mountpoint");
                mount = above;
                continue;
            }
            if (isRoot(dentry)) {
                return new Walk("/", End.ESCAPED);
            }
            names.add(name(dentry));
            dentry = dentry.ptr("d_parent");
        }
        dentry.kernel().anomalies().record("a path of more than %d names".formatted(DEEPEST));
        return new Walk(join(names), End.ESCAPED);
    }

    /** {@code dentry_path}: the path inside its file system, with "//deleted" behind what was unlinked. */
    public static String inFileSystem(KObject dentry) {
        List<String> names = new ArrayList<>();
        KObject at = dentry;
        for (int step = 0; step < DEEPEST && !isRoot(at); step++) {
            names.add(name(at));
            at = at.ptr("d_parent");
        }
        return isUnlinked(dentry) ? join(names) + "//deleted" : join(names);
    }

    /** A dentry's own name. */
    public static String name(KObject dentry) {
        long length = dentry.get("d_name.len");
        return dentry.string("d_name.name", (int) Math.clamp(length, 0, LONGEST_NAME));
    }

    /** {@code d_unlinked}. */
    public static boolean isUnlinked(KObject dentry) {
        return dentry.get("d_hash.pprev") == 0 && !isRoot(dentry);
    }

    static boolean isRoot(KObject dentry) {
        return dentry.get("d_parent") == dentry.address();
    }

    /** Whether a mount belongs to a namespace that is not anonymous ({@code is_mounted}, {@code is_anon_ns}). */
    private static boolean isMounted(KObject mount) {
        long namespace = mount.get("mnt_ns");
        if (namespace == 0 || Long.compareUnsigned(namespace, -4096L) > 0) {
            return false;
        }
        return !MountNamespace.isAnonymous(mount.ptr("mnt_ns"));
    }

    private static String join(List<String> names) {
        if (names.isEmpty()) {
            return "/";
        }
        StringBuilder path = new StringBuilder();
        for (int i = names.size() - 1; i >= 0; i--) {
            path.append('/').append(names.get(i));
        }
        return path.length() > LONGEST ? path.substring(path.length() - LONGEST) : path.toString();
    }
}
