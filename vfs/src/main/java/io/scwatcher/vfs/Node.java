package io.scwatcher.vfs;

/**
 * A file-system object. Names, link targets and contents are byte strings; as {@code String} they carry one
 * {@code char} for each byte (ISO 8859-1), so that nothing is lost whatever encoding the guest uses.
 *
 * <p>Nodes are cheap descriptions made on lookup, safe for several threads.
 */
public sealed interface Node permits Directory, RegularFile, SymbolicLink, SpecialFile {
    /**
     * What stat(2) tells.
     *
     * @throws VfsException ESRCH or EIO where the object behind it is gone or unreadable
     */
    Attributes attributes();
}
