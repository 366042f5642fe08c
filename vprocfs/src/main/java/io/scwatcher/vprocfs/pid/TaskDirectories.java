package io.scwatcher.vprocfs.pid;

import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.Node;
import io.scwatcher.vprocfs.NetContents;

/** The directories below a task's directory. */
final class TaskDirectories {
    private TaskDirectories() {}

    /** The directory of that name, or null if it is not known. */
    static Node node(TaskView task, String name, Attributes attributes) {
        return switch (name) {
            case "task" -> new ThreadsDirectory(task, attributes);
            case "fd" -> new FdDirectory(task, attributes, false);
            case "fdinfo" -> new FdDirectory(task, attributes, true);
            case "map_files" -> new MapFilesDirectory(task, attributes);
            case "ns" -> new NamespacesDirectory(task, attributes);
            case "attr" -> new AttrDirectory(task, attributes, "attr_dir_stuff");
            case "net" -> NetContents.directory(task.view(), task.task(), attributes);
            default -> null;
        };
    }
}
