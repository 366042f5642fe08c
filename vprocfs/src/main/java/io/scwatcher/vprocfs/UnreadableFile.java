package io.scwatcher.vprocfs;

import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.RegularFile;
import io.scwatcher.vfs.VfsException;

/** A file that the guest has and that cannot be read: the kernel refuses too, or there is no printer for it. */
public record UnreadableFile(Attributes attributes, Errno reason) implements RegularFile {
    @Override
    public OpenFile open() {
        throw new VfsException(reason);
    }
}
