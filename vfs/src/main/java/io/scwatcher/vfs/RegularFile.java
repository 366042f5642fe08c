package io.scwatcher.vfs;

/** A regular file. */
public non-sealed interface RegularFile extends Node {
    /**
     * Opens it for reading. What an open file reads is fixed by the open, as far as the file can do that.
     *
     * @throws VfsException EACCES, ESRCH, EIO ...
     */
    OpenFile open();

    /** An open regular file; positional reads, safe for several threads. */
    interface OpenFile extends AutoCloseable {
        /**
         * pread(2): fewer bytes than asked for only at the end of the file.
         *
         * @return bytes read, 0 at the end
         */
        int read(long position, byte[] destination, int offset, int length);

        @Override
        default void close() {}
    }
}
