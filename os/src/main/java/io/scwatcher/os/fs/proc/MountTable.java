package io.scwatcher.os.fs.proc;

import io.scwatcher.os.fs.DeviceNumber;
import io.scwatcher.os.fs.FsContext;
import io.scwatcher.os.fs.Location;
import io.scwatcher.os.fs.Mount;

/** The mount tables of /proc/PID (fs/proc_namespace.c), as seen from a root directory. */
final class MountTable {
    private MountTable() {}

    static String mounts(FsContext context) {
        StringBuilder text = new StringBuilder();
        for (Mount mount : context.mounts().all()) {
            String point = point(mount, context.root());
            if (point != null) {
                text.append(escape(mount.source())).append(' ').append(point).append(' ').append(mount.fileSystem().type()).append(' ').append(options(mount))
                        .append(" 0 0\n");
            }
        }
        return text.toString();
    }

    static String mountInfo(FsContext context) {
        StringBuilder text = new StringBuilder();
        for (Mount mount : context.mounts().all()) {
            String point = point(mount, context.root());
            if (point == null) {
                continue;
            }
            long device = mount.fileSystem().device();
            int parent = mount.point() == null ? 1 : mount.point().mount().id();
            String root = new Location(mount, mount.root()).dentry().isRoot() ? "/" : "/" + mount.root().name();
            text.append(mount.id()).append(' ').append(parent).append(' ').append(DeviceNumber.major(device)).append(':').append(DeviceNumber.minor(device)).append(' ')
                    .append(escape(root)).append(' ').append(point).append(' ').append(options(mount)).append(" - ").append(mount.fileSystem().type()).append(' ')
                    .append(escape(mount.source())).append(mount.readOnly() ? " ro\n" : " rw\n");
        }
        return text.toString();
    }

    /** The mount point, or null if it does not lie below the root. */
    private static String point(Mount mount, Location root) {
        String path = new Location(mount, mount.root()).absolute(root);
        return path.startsWith("/") ? escape(path) : null;
    }

    private static String options(Mount mount) {
        int flags = mount.flags();
        return ((flags & Mount.READ_ONLY) != 0 ? "ro" : "rw") + ((flags & Mount.NO_SUID) != 0 ? ",nosuid" : "") + ((flags & Mount.NO_DEVICES) != 0 ? ",nodev" : "")
                + ((flags & Mount.NO_EXEC) != 0 ? ",noexec" : "") + ",relatime";
    }

    /** seq_escape of what would break the line. */
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ' ' || c == '\t' || c == '\n' || c == '\\' || c == '#') {
                escaped.append('\\').append(String.format("%03o", (int) c));
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }
}
