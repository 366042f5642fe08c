package io.scwatcher.fidelity;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.function.Predicate;

/**
 * Selects paths below /proc. A glob selects what it matches and everything below; {@code *} stands for part of one
 * component. A leading {@code /proc/} is allowed.
 */
final class Globs {
    private final List<String[]> globs;

    /** No globs at all select everything. */
    Globs(List<String> globs) {
        this.globs = globs.stream().map(Globs::relative).map(glob -> glob.split("/")).toList();
    }

    /** The globs relative to /proc, for the guest's reader. */
    static String relative(String glob) {
        return glob.replaceFirst("^/?proc/", "").replaceFirst("^/+", "").replaceFirst("/+$", "");
    }

    /** Whether a node is selected. */
    Predicate<String> selected() {
        return path -> globs.isEmpty() || globs.stream().anyMatch(glob -> matches(glob, path, false));
    }

    /** Whether something at or below a directory can be selected. */
    Predicate<String> leadingThere() {
        return path -> globs.isEmpty() || globs.stream().anyMatch(glob -> matches(glob, path, true));
    }

    private static boolean matches(String[] glob, String path, boolean partly) {
        String[] parts = path.isEmpty() ? new String[0] : path.split("/");
        if (parts.length < glob.length && !partly) {
            return false;
        }
        for (int i = 0; i < Math.min(parts.length, glob.length); i++) {
            if (!matches(glob[i], parts[i])) {
                return false;
            }
        }
        return true;
    }

    private static boolean matches(String glob, String name) {
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob);
        try {
            return glob.equals(name) || matcher.matches(Path.of(name));
        } catch (java.nio.file.InvalidPathException unusual) {
            return false;
        }
    }
}
