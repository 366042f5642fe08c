package io.scwatcher.vprocfs;

import io.scwatcher.kernel.memory.MemoryFault;
import io.scwatcher.kernel.type.NoSuchFieldInKernel;
import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.SymbolicLink;
import io.scwatcher.vfs.VfsException;
import java.util.function.Supplier;

/** A symbolic link whose target is found out when it is read; null means ENOENT. */
public record Link(Attributes attributes, Supplier<String> resolver) implements SymbolicLink {
    @Override
    public String target() {
        String target;
        try {
            target = resolver.get();
        } catch (MemoryFault | NoSuchFieldInKernel broken) {
            throw new VfsException(Errno.EIO);
        }
        if (target == null) {
            throw new VfsException(Errno.ENOENT);
        }
        return target;
    }
}
