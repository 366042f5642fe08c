package io.scwatcher.host.fuse;

import io.scwatcher.host.posix.ChildProcess;
import io.scwatcher.host.posix.Descriptor;
import io.scwatcher.host.posix.PosixException;
import io.scwatcher.host.posix.SocketPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Mounts for users other than root, by the set-user-id program {@code fusermount3} (fusermount3(1)): it opens
 * {@code /dev/fuse}, mounts, and sends the open device over a socket. A shell waits until this process has ended, in
 * whatever way, and then unmounts what is still mounted. (fusermount3's own {@code auto_unmount} does not: 3.14 gives up
 * where root may not look into the mount.)
 */
final class MountHelper {
    private static final List<String> PROGRAMS = List.of("fusermount3", "fusermount");
    /** Names the descriptor of the socket. */
    private static final String SOCKET_VARIABLE = "_FUSE_COMMFD";
    private static final String REAPER = """
            trap '' HUP INT QUIT TERM
            if read -r done; then exit; fi
            exec "$1" -u -q -z -- "$2" 2>/dev/null
            """;

    private final String program;
    private final Path directory;
    private final Descriptor device;
    private final SocketPair reaper;

    private MountHelper(String program, Path directory, Descriptor device) throws PosixException {
        this.program = program;
        this.directory = directory;
        this.device = device;
        this.reaper = SocketPair.open();
        ChildProcess.spawn(List.of("sh", "-c", REAPER, "sh", program, directory.toString()), reaper.theirs());
        reaper.theirs().close();
    }

    static MountHelper mount(Path directory, MountOptions options) throws MountException {
        PosixException missing = null;
        for (String program : PROGRAMS) {
            try {
                return new MountHelper(program, directory, receiveDevice(program, directory, options));
            } catch (PosixException e) {
                missing = e;
            }
        }
        throw new MountException("fusermount3 is not installed, and mounting without it takes root;"
                + " on Debian: apt-get install fuse3", missing);
    }

    private static Descriptor receiveDevice(String program, Path directory, MountOptions options)
            throws PosixException, MountException {
        String list = "ro,nosuid,nodev,subtype=" + FuseMount.SUBTYPE + ",fsname=" + options.source().replace(",", "\\,");
        try (SocketPair socket = SocketPair.open()) {
            Map<String, String> environment = new HashMap<>(System.getenv());
            environment.put(SOCKET_VARIABLE, Integer.toString(socket.theirs().number()));
            ChildProcess helper = ChildProcess.spawn(List.of(program, "-o", list, "--", directory.toString()),
                    environment, List.of());
            socket.theirs().close();
            Descriptor device = socket.receive();
            int status = helper.await();
            if (device == null) {
                throw new MountException(program + " could not mount on " + directory + " (exit status " + status
                        + "); it takes a directory of yours and a /dev/fuse that you may use");
            }
            return device;
        }
    }

    Descriptor device() {
        return device;
    }

    /** Ends the connection where the kernel lets us, then unmounts. */
    void unmount() throws IOException {
        try (reaper) {
            int minor = (int) ((long) Files.getAttribute(directory, "unix:dev") & 0xff);
            Path abort = Path.of("/sys/fs/fuse/connections/" + minor + "/abort");
            if (Files.isWritable(abort)) {
                Files.writeString(abort, "1");
            }
            List<String> command = List.of(program, "-u", "-q", "-z", "--", directory.toString());
            if (ChildProcess.spawn(command, System.getenv(), List.of()).await() == 0) {
                reaper.send("done\n");
            }
        }
    }
}
