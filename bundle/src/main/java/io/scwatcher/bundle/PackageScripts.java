package io.scwatcher.bundle;

import io.scwatcher.os.bundle.Manifest.Entry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** What the packages' installation scripts would have left, found by reading them: no script is run. */
final class PackageScripts {
    private static final Pattern INSTALL = Pattern.compile("--install\\s+(\\S+)\\s+(\\S+)\\s+(\\S+)\\s+(\\d+)(.*)");
    private static final Pattern SLAVE = Pattern.compile("--slave\\s+(\\S+)\\s+(\\S+)\\s+(\\S+)");
    private static final int MAX_SCRIPT = 1 << 20;

    /** update-alternatives(1): the name below /etc/alternatives, the link that leads to it, and what it leads to. */
    private record Alternative(String name, String link, String path, int priority, List<Alternative> slaves) {}

    private final List<Alternative> alternatives = new ArrayList<>();

    /** @param control a package's control archive */
    void read(InputStream control) throws IOException {
        TarArchiveInputStream in = new TarArchiveInputStream(control);
        for (TarArchiveEntry entry; (entry = in.getNextEntry()) != null; ) {
            if (entry.getName().equals("./postinst")) {
                parse(new String(in.readNBytes(MAX_SCRIPT), StandardCharsets.ISO_8859_1).replaceAll("\\\\\\s*\n", " "));
            }
        }
    }

    private void parse(String script) {
        for (String line : script.split("\n")) {
            Matcher install = INSTALL.matcher(line);
            if (install.find()) {
                int priority = Integer.parseInt(install.group(4));
                List<Alternative> slaves = new ArrayList<>();
                Matcher slave = SLAVE.matcher(install.group(5));
                while (slave.find()) {
                    slaves.add(new Alternative(slave.group(2), slave.group(1), slave.group(3), priority, List.of()));
                }
                alternatives.add(new Alternative(install.group(2), install.group(1), install.group(3), priority, slaves));
            }
        }
    }

    void finish(BundleBuilder tree) throws IOException {
        alternatives(tree);
        for (String directory : List.of("dev", "etc", "home", "media", "mnt", "opt", "proc", "run", "srv", "sys", "var/log")) {
            if (tree.get(directory) == null) {
                tree.putDirectory(directory, 0755);
            }
        }
        tree.putDirectory("root", 0700);
        tree.putDirectory("tmp", 01777);
        tree.putDirectory("var/tmp", 01777);
        tree.putLink("etc/mtab", "../proc/self/mounts");
        if (tree.get("usr/bin/sh") == null) {
            tree.putLink("usr/bin/sh", tree.get("usr/bin/dash") != null ? "dash" : "bash");
        }
        accounts(tree, "passwd", "root:x:0:0:root:/root:/bin/bash\n");
        accounts(tree, "group", "root:x:0:\n");
        byte[] services = tree.content("usr/share/libc-bin/nsswitch.conf");
        putIfAbsent(tree, "etc/nsswitch.conf", services != null ? services : "passwd: files\ngroup: files\nhosts: files\n".getBytes(StandardCharsets.US_ASCII));
        putIfAbsent(tree, "etc/ld.so.cache", LibraryCache.of(tree));
        putIfAbsent(tree, "etc/hosts", "127.0.0.1 localhost\n::1 localhost\n".getBytes(StandardCharsets.US_ASCII));
    }

    private void alternatives(BundleBuilder tree) {
        TreeMap<String, Alternative> best = new TreeMap<>();
        for (Alternative one : alternatives) {
            Entry target = tree.get(tree.throughLinks(one.path().substring(1)));
            Alternative other = best.get(one.name());
            if (target != null && (other == null || other.priority() < one.priority())) {
                best.put(one.name(), one);
            }
        }
        for (Alternative one : best.values()) {
            link(tree, one);
            one.slaves().stream().filter(slave -> tree.get(tree.throughLinks(slave.path().substring(1))) != null)
                    .forEach(slave -> link(tree, slave));
        }
    }

    private static void link(BundleBuilder tree, Alternative one) {
        tree.putLink("etc/alternatives/" + one.name(), one.path());
        tree.putLink(tree.throughLinks(one.link().substring(1)), "/etc/alternatives/" + one.name());
    }

    /** base-passwd brings the accounts of a new system as masters, with '*' for the passwords that passwd(5) has in shadow(5). */
    private static void accounts(BundleBuilder tree, String name, String least) throws IOException {
        byte[] master = tree.content("usr/share/base-passwd/" + name + ".master");
        String text = master == null ? least : new String(master, StandardCharsets.UTF_8).replace(":*:", ":x:");
        putIfAbsent(tree, "etc/" + name, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void putIfAbsent(BundleBuilder tree, String path, byte[] content) throws IOException {
        if (tree.get(path) == null) {
            tree.putFile(path, content);
        }
    }
}
