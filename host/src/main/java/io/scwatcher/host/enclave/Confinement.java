package io.scwatcher.host.enclave;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs a Java program where it can reach nothing of this host but what is given to it, so that what would fail in an enclave fails in simulation too: user, mount,
 * network, PID, IPC and UTS namespaces of its own, a root directory that is read only and holds the JDK, the libraries that a JVM needs, four devices and
 * what is given; no capabilities, and no environment. Works for root and, where the host lets them make user namespaces, for others.
 *
 * <p>The outer user namespace may mount; the inner one, in which the program runs as a user without capabilities, may not. From within a changed root no further user
 * namespace can be made (user_namespaces(7), EPERM), so that no capability comes back.
 *
 * <p>The program sees a proc file system of its own PID namespace with nothing but its own processes (proc(5), subset=pid), or none where the host forbids that.
 */
public final class Confinement {
    /** Arguments: the new root's mount point, the number of files given, source and target of each, then the command. */
    private static final String SCRIPT = """
            set -e
            root=$1; n=$2; shift 2
            mount -t tmpfs -o mode=755,nosuid,size=1m scwatcher "$root"
            while [ "$n" -gt 0 ]; do
                if [ -d "$1" ]; then mkdir -p "$root$2"; else mkdir -p "$root${2%/*}"; : >"$root$2"; fi
                mount --bind "$1" "$root$2"
                mount -o remount,bind,ro,nosuid "$root$2" 2>/dev/null || mount -o remount,bind,ro,nosuid,nodev "$root$2"
                n=$((n - 1)); shift 2
            done
            mkdir "$root/proc"
            mount -t proc -o subset=pid,nosuid,nodev,noexec proc "$root/proc" 2>/dev/null || :
            mount -o remount,bind,ro,nosuid "$root"
            exec unshare --user --map-user=1000 --map-group=1000 --root="$root" --wd=/ -- "$@"
            """;
    private static final List<String> NAMESPACES = List.of("unshare", "--user", "--map-root-user", "--mount", "--net", "--pid", "--ipc", "--uts", "--fork", "--kill-child");
    private static final List<String> DEVICES = List.of("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom");
    /** A line of /proc/PID/maps with a library: its path, and its name without the version behind the first number. */
    private static final Pattern LIBRARY = Pattern.compile("(/\\S*/)([^/\\s]+\\.so(?:\\.[0-9]+)?)([.0-9]*)$");

    /** Files of the host by their path inside. */
    private final Map<Path, Path> given = new LinkedHashMap<>();

    /** With the JDK that this program runs on, at the same place. @throws IOException one line: if this host doesn't tell which libraries that needs */
    public Confinement() throws IOException {
        Path jdk = Path.of(System.getProperty("java.home")).toRealPath();
        given.put(jdk, jdk);
        for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
            Matcher library = LIBRARY.matcher(line);
            if (library.find() && !library.group().startsWith(jdk + "/")) {
                give(Path.of(library.group()), Path.of(library.group(1), library.group(2)));
                if (library.group(2).startsWith("ld-linux")) {
                    interpreter(Path.of(library.group()));
                }
            }
        }
        DEVICES.forEach(device -> give(Path.of(device), Path.of(device)));
    }

    /** The dynamic linker stands in each program by a path, which is a link's on many distributions. */
    private void interpreter(Path linker) throws IOException {
        for (String directory : List.of("/lib64", "/lib")) {
            Path known = Path.of(directory).resolve(linker.getFileName());
            if (Files.exists(known) && known.toRealPath().equals(linker.toRealPath())) {
                give(linker, known);
                return;
            }
        }
    }

    /** Shows a file or directory of the host, read only. @param inside absolute; what was there is replaced */
    public Confinement give(Path outside, Path inside) {
        given.put(inside, outside);
        return this;
    }

    /**
     * The command that starts a JVM in there.
     *
     * @param root an empty directory, on which the new root is mounted where only the program sees it
     * @param arguments of java, after its own options
     */
    public List<String> command(Path root, List<String> arguments) {
        List<String> command = new ArrayList<>(NAMESPACES);
        command.addAll(List.of("sh", "-c", SCRIPT, "confine", root.toString(), Integer.toString(given.size())));
        given.forEach((inside, outside) -> command.addAll(List.of(outside.toString(), inside.toString())));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // Neither files in /tmp nor other processes of the host have a say in this JVM.
        command.addAll(List.of("-XX:-UsePerfData", "-XX:+DisableAttachMechanism"));
        command.addAll(arguments);
        return command;
    }

    /** Makes sure that this host allows all that. @throws EnclaveException one line: if not */
    public static void require() {
        List<String> probe = new ArrayList<>(NAMESPACES);
        probe.addAll(List.of("unshare", "--user", "--map-user=1000", "--map-group=1000", "true"));
        try {
            Process process = new ProcessBuilder(probe).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes()).strip();
            if (process.waitFor() == 0) {
                return;
            }
            throw new EnclaveException("this host lets nobody make the namespaces that confine an enclave in simulation (" + said + ")");
        } catch (IOException e) {
            throw new EnclaveException("unshare(1) of util-linux is needed to confine an enclave in simulation: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EnclaveException("interrupted while looking at what this host allows");
        }
    }
}
