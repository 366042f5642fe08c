package io.scwatcher.vprocfs;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.fs.ProcDirEntry;
import io.scwatcher.kernel.net.NetNamespace;
import io.scwatcher.kernel.task.Task;
import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.Directory;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.Node;
import io.scwatcher.vfs.VfsException;
import io.scwatcher.vprocfs.net.NetFiles;
import java.util.List;

/** The files about a network namespace, as registered for it: /proc/PID/net (fs/proc/proc_net.c). */
public record NetContents(NetNamespace namespace) implements Contents {
    /** /proc/PID/net of a task. */
    public static Directory directory(ProcView view, Task task, Attributes attributes) {
        KObject proxy = task.object().ptr("nsproxy");
        if (proxy.isNull()) {
            return new Gone(attributes);
        }
        NetNamespace namespace = new NetNamespace(proxy.ptr("net_ns"));
        ProcDirEntry entry = new ProcDirEntry(namespace.net().ptr("proc_net"));
        Attributes own = new Attributes(attributes.type(), attributes.permissions(), attributes.inode(),
                Math.max(1, entry.links()), attributes.uid(), attributes.gid(), attributes.size(),
                attributes.deviceNumber(), attributes.mtimeNanos());
        return new RegisteredDirectory(view, entry, "", new NetContents(namespace), own);
    }

    @Override
    public String name() {
        return "net/";
    }

    @Override
    public Printer file(String path, ProcDirEntry entry) {
        NetFiles.Entry known = NetFiles.find(path);
        return known == null ? null : out -> known.file().print(namespace, out);
    }

    @Override
    public Directory directory(String path) {
        return null;
    }

    /** A zombie's: it has no namespaces any more. */
    private record Gone(Attributes attributes) implements Directory {
        @Override
        public Node lookup(String name) {
            return null;
        }

        @Override
        public List<Entry> list() {
            throw new VfsException(Errno.EINVAL);
        }
    }
}
