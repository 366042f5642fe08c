package io.scwatcher.testbed.image;

import io.scwatcher.testbed.apt.PackageVersion;
import io.scwatcher.testbed.apt.PrivateApt;
import io.scwatcher.testbed.local.Cache;
import io.scwatcher.testbed.local.HostCommand;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The guest's user space: the distribution's own packages, unpacked but never installed on this machine. */
public final class UserSpace {
    /** Raised when {@link #arrange} changes, so that older cached trees are not used. */
    private static final String LAYOUT = "3";
    private static final List<String> PACKAGES = List.of("atop", "base-files", "base-passwd", "bash", "bridge-utils", "busybox-static", "chkrootkit",
            "coreutils", "dash", "diffutils", "e2fsprogs", "ethtool", "findutils", "gawk", "grep", "gzip", "hostname", "iotop-c", "iproute2", "iputils-ping",
            "kmod", "less", "login", "lsof", "lsscsi", "mawk", "mount", "ncurses-base", "net-tools", "numactl", "passwd", "pciutils", "perl", "procps", "psmisc",
            "python3-minimal", "python3-psutil", "sed", "strace", "sysstat", "sysvinit-utils", "tar", "unhide", "util-linux");
    /** Needed by packages' installation scripts alone, which do not run. */
    private static final String INSTALLATION_ONLY = "usrmerge|debconf|init-system-helpers|dpkg";
    private static final List<String> USERS = List.of("alice:1001", "bob:1002", "carol:1003");

    private final Cache cache;
    private final PrivateApt apt;
    private final Consumer<String> progress;

    public UserSpace(Cache cache, PrivateApt apt, Consumer<String> progress) {
        this.cache = cache;
        this.apt = apt;
        this.progress = progress;
    }

    /** The root disk, an ext4 image. */
    public Path disk() {
        return entry().resolve("root.ext4");
    }

    /** The directory that the root disk was made of. */
    public Path tree() {
        return entry().resolve("root");
    }

    /** Writes modules.dep and its companions for {@code BASE/lib/modules/RELEASE}, with the guest's own depmod. */
    void depmod(Path base, String release) throws IOException {
        Path root = entry().resolve("root");
        Path link = Files.createTempDirectory("testbed").resolve("depmod");
        try {
            // kmod does what the name it is called by says; the loader of the tree runs it with the tree's libraries.
            Files.createSymbolicLink(link, root.resolve("usr/bin/kmod").toAbsolutePath());
            HostCommand.run(root.resolve("usr/lib64/ld-linux-x86-64.so.2").toString(), "--library-path",
                    root.resolve("usr/lib/x86_64-linux-gnu").toString(), link.toString(), "-b", base.toString(), release)
                    .orFail("depmod for " + release);
        } finally {
            Cache.deleteTree(link.getParent());
        }
    }

    private Path entry() {
        return cache.entry("userspace/" + key(), empty -> {
            progress.accept("making the guest's root disk");
            Path root = Files.createDirectories(empty.resolve("root"));
            for (String directory : List.of("bin", "sbin", "lib", "lib64")) {
                Files.createDirectories(root.resolve("usr").resolve(directory));
                Files.createSymbolicLink(root.resolve(directory), Path.of("usr", directory));
            }
            for (Path file : apt.downloadAll(packages())) {
                extract(file, root);
            }
            arrange(root);
            Ext4Image.create(empty.resolve("root.ext4"), root, "root", 256L << 20);
        });
    }

    private List<PackageVersion> packages() {
        return apt.closure(PACKAGES).stream().filter(one -> !one.name().matches(INSTALLATION_ONLY)).toList();
    }

    /** The list is resolved once a day at most; a cached tree is used until its packages change. */
    private String key() {
        List<String> texts = new ArrayList<>(List.of(LAYOUT));
        texts.addAll(USERS);
        packages().forEach(one -> texts.add(one.specification()));
        return Cache.digest(texts);
    }

    /** Unpacks a package; documentation and translations stay out. */
    public static void extract(Path file, Path into) throws IOException {
        Files.createDirectories(into);
        HostCommand.run("sh", "-c", "dpkg-deb --fsys-tarfile \"$1\" | tar -x -p --keep-directory-symlink"
                + " --exclude='./usr/share/doc/*' --exclude='./usr/share/man/*' --exclude='./usr/share/locale/*'"
                + " --exclude='./usr/share/info/*' --exclude='./usr/share/i18n/*' --exclude='./usr/lib/x86_64-linux-gnu/gconv/*'"
                + " -C \"$2\"", "sh", file.toString(), into.toString()).orFail("unpacking " + file.getFileName());
    }

    /** What the packages' installation scripts would have done. */
    private static void arrange(Path root) throws IOException {
        for (String directory : List.of("dev", "proc", "sys", "run", "tmp", "mnt", "root", "home", "etc", "var/log", "var/tmp",
                "usr/lib/modules", "usr/lib/testbed", "srv", "media")) {
            Files.createDirectories(root.resolve(directory));
        }
        for (String[] link : new String[][] {{"usr/bin/sh", "dash"}, {"usr/bin/awk", "gawk"}, {"etc/mtab", "../proc/self/mounts"}}) {
            Files.deleteIfExists(root.resolve(link[0]));
            Files.createSymbolicLink(root.resolve(link[0]), Path.of(link[1]));
        }
        StringBuilder passwd = new StringBuilder(Files.readString(root.resolve("usr/share/base-passwd/passwd.master")));
        StringBuilder group = new StringBuilder(Files.readString(root.resolve("usr/share/base-passwd/group.master")));
        for (String user : USERS) {
            String name = user.substring(0, user.indexOf(':'));
            String number = user.substring(user.indexOf(':') + 1);
            passwd.append("%s:x:%s:%s::/home/%s:/bin/bash\n".formatted(name, number, number, name));
            group.append("%s:x:%s:\n".formatted(name, number));
        }
        write(root, "etc/passwd", passwd.toString().replace(":*:", ":x:"));
        write(root, "etc/group", group.toString().replace(":*:", ":x:"));
        write(root, "etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files\nservices: files\nprotocols: files\n");
        write(root, "etc/hosts", "127.0.0.1 localhost\n::1 localhost\n");
        write(root, "etc/fstab", "/dev/vda / ext4 rw 0 0\n");
    }

    private static void write(Path root, String name, String text) throws IOException {
        Files.deleteIfExists(root.resolve(name));
        Files.writeString(root.resolve(name), text, StandardCharsets.UTF_8);
    }
}
