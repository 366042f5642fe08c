package io.scwatcher.os.net.unix;

import io.scwatcher.os.fs.Inode;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;

/** Which Unix socket has which name: abstract ones, and those of files. Guarded by the network's lock. */
public final class UnixNames {
    /** How many names {@code unix_autobind} can make: five hexadecimal digits. */
    private static final int AUTOMATIC = 1 << 20;

    private final Map<String, UnixSocket> abstractNames = new HashMap<>();
    private final Map<Inode, UnixSocket> files = new IdentityHashMap<>();
    private int nextAutomatic;

    /** @param name what follows the NUL, one {@code char} for each byte */
    UnixSocket abstractSocket(String name) {
        return abstractNames.get(name);
    }

    UnixSocket fileSocket(Inode inode) {
        return files.get(inode);
    }

    /** @return false if it is taken */
    boolean takeAbstract(String name, UnixSocket socket) {
        return abstractNames.putIfAbsent(name, socket) == null;
    }

    /** A name of five hexadecimal digits, or null if all are taken. */
    String takeAutomatic(UnixSocket socket) {
        for (int i = 0; i < AUTOMATIC; i++) {
            nextAutomatic = nextAutomatic + 1 & AUTOMATIC - 1;
            String name = "%05x".formatted(nextAutomatic);
            if (takeAbstract(name, socket)) {
                return name;
            }
        }
        return null;
    }

    void takeFile(Inode inode, UnixSocket socket) {
        files.put(inode, socket);
    }

    void free(String abstractName, Inode file) {
        abstractNames.remove(abstractName);
        files.remove(file);
    }
}
