package io.scwatcher.fidelity;

import java.nio.charset.StandardCharsets;

/**
 * One node of /proc as the guest saw it.
 *
 * @param path below /proc, one {@code char} for each byte; "" is /proc itself
 * @param mode {@code st_mode}; 0 where lstat failed
 * @param error errno of the first call that failed (lstat, open, read, readlink, getdents), else 0
 * @param size {@code st_size}
 * @param content what was read: the file's bytes, the text of a link, for {@link Kind#SAME_NET} a path, else empty
 */
record ProcNode(Kind kind, String path, int mode, int uid, int gid, int links, int error, long size, byte[] content) {
    /** What the reader did with a node; the letters are those of procwalk.c. */
    enum Kind {
        DIRECTORY('D'), LINK('L'), REGULAR('F'), SPECIAL('S'),
        /** A net directory that shows a namespace which was walked already. */
        SAME_NET('N'),
        /** A directory of another file system, not entered. */
        MOUNT('M'),
        /** A file that is not opened for what reading it would do. */
        SKIPPED('X'),
        TRUNCATED('T'), OVERDUE('O'), UNKNOWN('U'), END('E');

        private final char letter;

        Kind(char letter) {
            this.letter = letter;
        }

        char letter() {
            return letter;
        }

        static Kind of(int letter) {
            for (Kind kind : values()) {
                if (kind.letter == letter) {
                    return kind;
                }
            }
            return null;
        }
    }

    /** The content, one {@code char} for each byte. */
    String text() {
        return new String(content, StandardCharsets.ISO_8859_1);
    }

    /** The last component of the path. */
    String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** The path of the directory it is in; null for /proc itself. */
    String parent() {
        return path.isEmpty() ? null : path.substring(0, Math.max(0, path.lastIndexOf('/')));
    }
}
