package io.scwatcher.vfs;

/** A symbolic link that leads to an object, whatever its text says, as those in /proc/PID/fd do (symlink(7), "Magic links"). */
public interface MagicLink extends SymbolicLink {
    /**
     * What it leads to.
     *
     * @throws VfsException ENOENT, EIO
     */
    FileObject object();

    /**
     * A file of whatever kind, as stat(2) sees it.
     *
     * @param device {@code st_dev}, as user space has it
     * @param blocks allocated units of 512 bytes
     * @param protocol of a socket the name of its protocol, which is its extended attribute {@code system.sockprotoname}; else null
     */
    record FileObject(Attributes attributes, long device, int blockSize, long blocks, String protocol) {}
}
