package io.scwatcher.fidelity;

/** Groups the paths of /proc: thousands of nodes, a few hundred kinds, a few dozen families. */
public final class Patterns {
    private Patterns() {}

    /** {@code 12/task/13/fd/3} is {@code PID/task/TID/fd/N}; {@code irq/9/node} is {@code irq/N/node}. */
    public static String of(String path) {
        String[] parts = path.split("/", -1);
        boolean process = isNumber(parts[0]);
        for (int i = 0; i < parts.length; i++) {
            String above = i > 0 ? parts[i - 1] : "";
            if (i == 0 && process) {
                parts[i] = "PID";
            } else if (process && i == 2 && above.equals("task") && isNumber(parts[i])) {
                parts[i] = "TID";
            } else if (above.equals("map_files")) {
                parts[i] = "RANGE";
            } else if (isNumber(parts[i])) {
                parts[i] = "N";
            }
        }
        return String.join("/", parts);
    }

    /** The family for the table: the directory, of /proc/sys and other deep trees only its first two components. */
    static String family(String path) {
        String pattern = of(path);
        if (pattern.startsWith("PID")) {
            int last = pattern.lastIndexOf('/');
            String directory = last < 0 ? "PID" : pattern.substring(0, last);
            return directory.equals("PID/task") ? "PID" : upTo(directory, directory.contains("/task/TID") ? 4 : 2);
        }
        int last = pattern.lastIndexOf('/');
        if (last < 0) {
            return "/";
        }
        return upTo(pattern.substring(0, last), 2);
    }

    /** Whether a path is that of a process or a thread. */
    static boolean isProcess(String path) {
        String pattern = of(path);
        return pattern.equals("PID") || pattern.equals("PID/task/TID");
    }

    private static String upTo(String path, int components) {
        int end = -1;
        for (int i = 0; i < components; i++) {
            end = path.indexOf('/', end + 1);
            if (end < 0) {
                return path;
            }
        }
        return path.substring(0, end);
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.length() < 20 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
