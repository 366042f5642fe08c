package io.scwatcher.bundle;

import io.scwatcher.os.bundle.Manifest.Entry;
import io.scwatcher.os.bundle.Manifest.Type;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What ldconfig(8) would leave in {@code /etc/ld.so.cache}: where each shared library of x86-64 lies, so that the dynamic linker need not try its
 * directories. The format is {@code glibc-ld.so.cache1.1} (sysdeps/generic/dl-cache.h of glibc 2.36) without extensions. A library goes by
 * its names in its directory, as the dynamic linker would find it there.
 */
final class LibraryCache {
    private static final String CONFIGURATION = "etc/ld.so.conf";
    private static final List<String> USUAL = List.of("/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib", "/usr/lib");
    private static final Pattern LIBRARY = Pattern.compile("(lib|ld-).*\\.so(\\.[^/]*)?");
    private static final Pattern UP = Pattern.compile("(?<![^/])(?!\\.\\./)[^/]+/\\.\\./");
    private static final byte[] MAGIC = "glibc-ld.so.cache1.1".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER = 48, ENTRY = 24;
    /** FLAG_ELF_LIBC6 and FLAG_X8664_LIB64. */
    private static final int FLAGS = 0x0303;
    private static final byte LITTLE_ENDIAN = 2;
    private static final int MAX_LINKS = 8;
    private static final int MAX_DEPTH = 4;

    private final BundleBuilder tree;
    /** Names to paths, in the order in which the dynamic linker's binary search expects them. */
    private final TreeMap<String, String> libraries = new TreeMap<>((one, other) -> compare(other, one));

    private LibraryCache(BundleBuilder tree) {
        this.tree = tree;
    }

    /** The file's content for the libraries of a tree. */
    static byte[] of(BundleBuilder tree) throws IOException {
        LibraryCache cache = new LibraryCache(tree);
        Set<String> directories = new LinkedHashSet<>();
        cache.configured(CONFIGURATION, directories, 0);
        directories.addAll(USUAL);
        for (String directory : directories) {
            cache.add(directory);
        }
        return cache.bytes();
    }

    /** The directories that a configuration file names; only whole directories can be included, as distributions do. */
    private void configured(String file, Set<String> directories, int depth) throws IOException {
        byte[] content = tree.content(file);
        if (content == null || depth > MAX_DEPTH) {
            return;
        }
        for (String line : new String(content, StandardCharsets.ISO_8859_1).split("\n")) {
            String text = line.replaceFirst("#.*", "").strip();
            if (text.startsWith("include") && text.endsWith("/*.conf")) {
                String directory = text.substring("include".length(), text.length() - "/*.conf".length()).strip();
                String path = directory.startsWith("/") ? directory.substring(1) : "etc/" + directory;
                for (Entry entry : tree.list(path)) {
                    if (entry.path().endsWith(".conf")) {
                        configured(entry.path(), directories, depth + 1);
                    }
                }
            } else if (text.startsWith("/")) {
                directories.add(text.replaceFirst("/+$", ""));
            }
        }
    }

    private void add(String directory) throws IOException {
        for (Entry entry : tree.list(tree.throughLinks(directory.substring(1) + "/.").replaceFirst("/\\.$", ""))) {
            String name = entry.path().substring(entry.path().lastIndexOf('/') + 1);
            if (LIBRARY.matcher(name).matches() && !libraries.containsKey(name) && isLibrary(entry)) {
                libraries.put(name, directory + "/" + name);
            }
        }
    }

    /** Whether it is, or leads to, an ELF64 shared object for x86-64. */
    private boolean isLibrary(Entry entry) throws IOException {
        Entry at = entry;
        for (int links = 0; at != null && at.type() == Type.LINK && links < MAX_LINKS; links++) {
            String target = at.content().startsWith("/") ? at.content().substring(1) : at.parent() + "/" + at.content();
            while (UP.matcher(target).find()) {
                target = UP.matcher(target).replaceFirst("");
            }
            at = tree.get(tree.throughLinks(target));
        }
        byte[] head = at == null ? null : tree.content(at.path(), 20);
        return head != null && head.length == 20 && head[0] == 0x7f && head[1] == 'E' && head[2] == 'L' && head[3] == 'F' && head[4] == 2
                && head[16] == 3 && head[18] == 62;
    }

    private byte[] bytes() {
        ByteArrayOutputStream strings = new ByteArrayOutputStream();
        ByteBuffer entries = ByteBuffer.allocate(ENTRY * libraries.size()).order(ByteOrder.LITTLE_ENDIAN);
        int base = HEADER + entries.capacity();
        libraries.forEach((name, path) -> {
            // the name is the end of the path
            int value = base + strings.size();
            strings.writeBytes((path + "\0").getBytes(StandardCharsets.ISO_8859_1));
            entries.putInt(FLAGS).putInt(value + path.length() - name.length()).putInt(value).putInt(0).putLong(0);
        });
        ByteBuffer file = ByteBuffer.allocate(base + strings.size()).order(ByteOrder.LITTLE_ENDIAN);
        file.put(MAGIC).putInt(libraries.size()).putInt(strings.size()).put(LITTLE_ENDIAN).position(HEADER);
        return file.put(entries.array()).put(strings.toByteArray()).array();
    }

    /** As {@code _dl_cache_libcmp} of elf/dl-cache.c: runs of digits by their values. */
    static int compare(String one, String other) {
        int i = 0;
        int j = 0;
        while (i < one.length()) {
            char a = one.charAt(i);
            char b = j < other.length() ? other.charAt(j) : 0;
            if (isDigit(a) != isDigit(b)) {
                return isDigit(a) ? 1 : -1;
            }
            if (isDigit(a)) {
                int endOfOne = endOfDigits(one, i);
                int endOfOther = endOfDigits(other, j);
                int order = Integer.compare(number(one, i, endOfOne), number(other, j, endOfOther));
                if (order != 0) {
                    return order;
                }
                i = endOfOne;
                j = endOfOther;
            } else if (a != b) {
                return a - b;
            } else {
                i++;
                j++;
            }
        }
        return j < other.length() ? -1 : 0;
    }

    /** With an int's overflow, as there. */
    private static int number(String text, int from, int to) {
        int value = 0;
        for (int i = from; i < to; i++) {
            value = value * 10 + text.charAt(i) - '0';
        }
        return value;
    }

    private static int endOfDigits(String text, int from) {
        int end = from;
        while (end < text.length() && isDigit(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
