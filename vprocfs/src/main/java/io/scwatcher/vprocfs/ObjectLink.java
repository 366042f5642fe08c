package io.scwatcher.vprocfs;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.memory.MemoryFault;
import io.scwatcher.kernel.type.NoSuchFieldInKernel;
import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.MagicLink;
import io.scwatcher.vfs.VfsException;
import java.util.function.Supplier;

/**
 * A link to an object of the VM.
 *
 * @param text gives the link's text; null means ENOENT
 * @param found gives what it leads to; null means ENOENT
 */
public record ObjectLink(Attributes attributes, Supplier<String> text, Supplier<FileObject> found) implements MagicLink {
    /** A link to a file. @param inode gives its {@code struct inode}; null means ENOENT */
    public static ObjectLink toFile(Attributes attributes, Supplier<String> text, Supplier<KObject> inode) {
        return new ObjectLink(attributes, text, () -> {
            KObject file = inode.get();
            return file == null || file.isNull() ? null : FileObjects.of(file);
        });
    }

    @Override
    public String target() {
        return new Link(attributes, text).target();
    }

    @Override
    public FileObject object() {
        try {
            FileObject object = found.get();
            if (object == null) {
                throw new VfsException(Errno.ENOENT);
            }
            return object;
        } catch (MemoryFault | NoSuchFieldInKernel broken) {
            throw new VfsException(Errno.EIO);
        }
    }
}
