package io.scwatcher.os.fs.proc;

import io.scwatcher.os.fs.Inode;
import io.scwatcher.os.task.Processes;
import io.scwatcher.os.task.Task;

/** The names in /proc by which the layer's own processes are found. */
final class OwnProcesses {
    /** Inode numbers of {@code self} and {@code thread-self}, as on a Linux that has just booted. */
    private static final long SELF_INODE = 0xf000_0001L, THREAD_SELF_INODE = 0xf000_0002L;

    private OwnProcesses() {}

    /** The inode of that name, or null if it is none of the layer's. Costs nothing where there is none. */
    static Inode lookup(ProcFileSystem fs, String name) {
        int number = number(name);
        if (number > 0) {
            Processes processes = fs.layer().processes();
            if (!processes.owns(number)) {
                return null;
            }
            Task task = processes.task(number);
            return task == null ? null : new ProcessDirectory(fs, task, true);
        }
        return switch (name) {
            case "self" -> new ProcInode.Link(fs, 0777, SELF_INODE, null, reader -> Integer.toString(reader.group().id()), null);
            case "thread-self" -> new ProcInode.Link(fs, 0777, THREAD_SELF_INODE, null, reader -> reader.group().id() + "/task/" + reader.id(), null);
            default -> null;
        };
    }

    /** The value of a decimal name without leading zeros ({@code name_to_int}), or -1. */
    static int number(String name) {
        int length = name.length();
        if (length == 0 || length > 9 || name.charAt(0) == '0') {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < length; i++) {
            int digit = name.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }
}
