package io.scwatcher.cli;

import io.scwatcher.vfs.Directory;
import io.scwatcher.vfs.Node;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;

/**
 * A path below /proc whose names may be patterns of glob(7). What /proc shows by the process that reads ({@code self},
 * {@code net}, {@code mounts}) is shown as the VM's init sees it.
 */
final class PathPattern {
    private static final String INIT = "1";
    private final String[] names;

    /** One node that matches. */
    record Match(String path, Node node) {}

    PathPattern(String pattern) {
        String trimmed = pattern.startsWith("/proc/") ? pattern.substring("/proc/".length()) : pattern;
        List<String> path = new ArrayList<>(List.of(trimmed.split("/")));
        path.removeIf(name -> name.isEmpty() || name.equals("."));
        if (!path.isEmpty()) {
            switch (path.getFirst()) {
                case "self" -> path.set(0, INIT);
                case "net", "mounts" -> path.addFirst(INIT);
                default -> { }
            }
        }
        names = path.toArray(String[]::new);
    }

    /** What matches, in the directories' own order. */
    List<Match> matches(Directory root) {
        List<Match> found = new ArrayList<>();
        collect(root, "", 0, found);
        return found;
    }

    private void collect(Node node, String path, int depth, List<Match> found) {
        if (depth == names.length) {
            found.add(new Match(path, node));
        } else if (node instanceof Directory directory) {
            String name = names[depth];
            if (isPattern(name)) {
                PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + name);
                for (Directory.Entry entry : directory.list()) {
                    if (matcher.matches(Path.of(entry.name()))) {
                        descend(directory, entry.name(), path, depth, found);
                    }
                }
            } else {
                descend(directory, name, path, depth, found);
            }
        }
    }

    private void descend(Directory directory, String name, String path, int depth, List<Match> found) {
        Node child = directory.lookup(name);
        if (child != null) {
            collect(child, path.isEmpty() ? name : path + '/' + name, depth + 1, found);
        }
    }

    private static boolean isPattern(String name) {
        return name.indexOf('*') >= 0 || name.indexOf('?') >= 0 || name.indexOf('[') >= 0;
    }
}
