package io.scwatcher.vfs;

/** A regular file. */
public non-sealed interface RegularFile extends Node {
    /**
     * Opens it for reading. What an open file reads is fixed by the open, as far as the file can do that.
     *
     * @throws VfsException EACCES, ESRCH, EIO ...
     */
    OpenFile open();

    /** Takes what was read: the first {@code length} bytes, valid during the call. */
    @FunctionalInterface
    interface Sink<E extends Exception> {
        void take(byte[] bytes, int length) throws E;
    }

    /** An open regular file; positional reads, safe for several threads. */
    interface OpenFile extends AutoCloseable {
        /**
         * pread(2): fewer bytes than asked for only at the end of the file.
         *
         * @return bytes read, 0 at the end
         */
        int read(long position, byte[] destination, int offset, int length);

        /**
         * Reads from the start to the end, piece by piece.
         *
         * @param piece where each piece is read to
         * @param most bytes after which to stop, for files that do not end
         * @return bytes read
         */
        default <E extends Exception> long readAll(byte[] piece, long most, Sink<E> sink) throws E {
            long position = 0;
            while (position < most) {
                int count = read(position, piece, 0, (int) Math.min(piece.length, most - position));
                if (count <= 0) {
                    break;
                }
                sink.take(piece, count);
                position += count;
            }
            return position;
        }

        @Override
        default void close() {}
    }
}
