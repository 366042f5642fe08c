package io.scwatcher.vprocfs.pid;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.fs.OpenFile;
import io.scwatcher.kernel.fs.Path;
import io.scwatcher.kernel.fs.Paths;
import io.scwatcher.kernel.fs.TaskFs;
import io.scwatcher.kernel.mm.Mm;
import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.Node;
import io.scwatcher.vprocfs.ObjectLink;
import java.util.function.Supplier;

/** The symbolic links of a task's directory: fs/proc/base.c {@code proc_cwd_link} and its neighbours. */
final class TaskLinks {
    private TaskLinks() {}

    /** The link of that name, or null if it is not known. */
    static Node node(TaskView task, String name, Attributes attributes) {
        Supplier<Path> place = switch (name) {
            case "cwd" -> () -> TaskFs.workingDirectory(task.task());
            case "root" -> () -> TaskFs.root(task.task());
            case "exe" -> () -> executable(task);
            default -> null;
        };
        return place == null ? null : ObjectLink.toFile(attributes, () -> {
            Path path = place.get();
            return path == null ? null : Paths.of(path, task.root());
        }, () -> {
            Path path = place.get();
            return path == null ? null : path.inode();
        });
    }

    private static Path executable(TaskView task) {
        Mm mm = task.mm();
        KObject file = mm == null ? null : mm.executable();
        return file == null || file.isNull() ? null : new OpenFile(file).path();
    }
}
