package io.scwatcher.os.bundle;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * What a bundle holds, as text in the format of mtree(5): a line for each path with its type, owner, mode, times, and the SHA-256
 * of its content. Whoever knows the digest of this text knows every byte of the bundle.
 *
 * @param entries by path, in the order of the paths' bytes; every directory on the way to a path is there
 */
public record Manifest(SequencedMap<String, Entry> entries) {
    /** Longest text that is parsed, bytes. */
    static final int MAX_TEXT = 256 << 20;
    private static final String HEADER = "#mtree v2.0";

    /** The types of mtree(5) that a bundle may hold. Devices come from the layer's own /dev. */
    public enum Type { DIR, FILE, LINK, FIFO, SOCKET }

    /**
     * @param path relative to the root, without a leading slash, "" for the root itself; one {@code char} for each byte
     * @param mode the lower twelve bits
     * @param seconds last modification, since the epoch
     * @param size bytes of content; 0 if it is no regular file
     * @param content a regular file's link target's text or SHA-256 in lower-case hexadecimal; else null
     */
    public record Entry(String path, Type type, int mode, int uid, int gid, long seconds, long size, String content) {
        public Entry {
            Objects.requireNonNull(type);
            if ((type == Type.FILE || type == Type.LINK) && content == null) {
                throw new IllegalArgumentException("a " + type + " needs its content");
            }
        }

        /** The last component of the path. */
        public String name() {
            return path.substring(path.lastIndexOf('/') + 1);
        }

        /** The path of the directory that it is in; null for the root. */
        public String parent() {
            return path.isEmpty() ? null : path.substring(0, Math.max(0, path.lastIndexOf('/')));
        }
    }

    /** Sorts the entries and adds directories that are missing on the way to a path. */
    public static Manifest of(Collection<Entry> entries) {
        TreeMap<String, Entry> sorted = new TreeMap<>();
        entries.forEach(entry -> sorted.put(entry.path(), entry));
        for (Entry entry : entries) {
            for (String parent = entry.parent(); parent != null && !sorted.containsKey(parent); ) {
                Entry made = new Entry(parent, Type.DIR, 0755, 0, 0, 0, 0, null);
                sorted.put(parent, made);
                parent = made.parent();
            }
        }
        sorted.putIfAbsent("", new Entry("", Type.DIR, 0755, 0, 0, 0, 0, null));
        return new Manifest(sorted);
    }

    /** The text; the same for the same entries. */
    public byte[] text() {
        StringBuilder text = new StringBuilder(HEADER).append('\n');
        for (Entry entry : entries.values()) {
            text.append(entry.path().isEmpty() ? "." : "./" + escape(entry.path())).append(" type=").append(entry.type().name().toLowerCase())
                    .append(" mode=0").append(Integer.toOctalString(entry.mode())).append(" uid=").append(entry.uid())
                    .append(" gid=").append(entry.gid()).append(" time=").append(entry.seconds()).append(".0");
            switch (entry.type()) {
                case FILE -> text.append(" size=").append(entry.size()).append(" sha256digest=").append(entry.content());
                case LINK -> text.append(" link=").append(escape(entry.content()));
                default -> { }
            }
            text.append('\n');
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * @throws BundleException where the text is not what {@link #text} writes: unknown keywords, paths that leave the root or come twice,
     *     entries whose parent is no directory
     */
    public static Manifest parse(byte[] bytes) throws BundleException {
        String[] lines = new String(bytes, StandardCharsets.ISO_8859_1).split("\n");
        if (!lines[0].equals(HEADER)) {
            throw new BundleException("the manifest does not begin with " + HEADER);
        }
        SequencedMap<String, Entry> entries = new TreeMap<>();
        for (int i = 1; i < lines.length; i++) {
            Entry entry;
            try {
                entry = parseLine(lines[i]);
            } catch (IllegalArgumentException e) {
                throw new BundleException("line " + (i + 1) + " of the manifest: " + e.getMessage());
            }
            if (entries.put(entry.path(), entry) != null) {
                throw new BundleException("line " + (i + 1) + " of the manifest: the path comes twice");
            }
        }
        for (Entry entry : entries.values()) {
            Entry parent = entries.get(Objects.requireNonNullElse(entry.parent(), ""));
            if (parent == null || parent.type() != Type.DIR) {
                throw new BundleException("the manifest has " + entry.path() + " but not the directory that it is in");
            }
        }
        return new Manifest(entries);
    }

    private static Entry parseLine(String line) {
        String[] words = line.split(" ");
        Map<String, String> values = new TreeMap<>();
        for (int i = 1; i < words.length; i++) {
            int equals = words[i].indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("no value in " + words[i]);
            }
            values.put(words[i].substring(0, equals), words[i].substring(equals + 1));
        }
        Type type = Type.valueOf(value(values, "type").toUpperCase());
        long size = type == Type.FILE ? number(values, "size", 10) : 0;
        String content = switch (type) {
            case FILE -> digest(value(values, "sha256digest"));
            case LINK -> unescape(value(values, "link"));
            default -> null;
        };
        int mode = (int) number(values, "mode", 8);
        if (mode > 07777) {
            throw new IllegalArgumentException("mode " + Integer.toOctalString(mode));
        }
        long seconds = Long.parseLong(value(values, "time").replaceFirst("\\.0$", ""));
        return new Entry(path(words[0]), type, mode, (int) number(values, "uid", 10), (int) number(values, "gid", 10), seconds, size, content);
    }

    private static String path(String word) {
        if (word.equals(".")) {
            return "";
        }
        String path = unescape(word);
        if (!path.startsWith("./")) {
            throw new IllegalArgumentException("the path does not begin with ./");
        }
        for (String name : path.substring(2).split("/", -1)) {
            if (name.isEmpty() || name.equals(".") || name.equals("..") || name.length() > 255 || name.indexOf(0) >= 0) {
                throw new IllegalArgumentException("not a path: " + path);
            }
        }
        return path.substring(2);
    }

    private static String digest(String text) {
        if (text.length() != 64 || HexFormat.of().parseHex(text).length != 32) {
            throw new IllegalArgumentException("not a SHA-256: " + text);
        }
        return text;
    }

    private static long number(Map<String, String> values, String key, int radix) {
        long number = Long.parseLong(value(values, key), radix);
        if (number < 0) {
            throw new IllegalArgumentException(key + " is negative");
        }
        return number;
    }

    private static String value(Map<String, String> values, String key) {
        String value = values.get(key);
        if (value == null) {
            throw new IllegalArgumentException("no " + key);
        }
        return value;
    }

    /** The octal form of vis(3) for all that is not a graphic ASCII character, and for what mtree(5) gives a meaning. */
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder();
        for (char c : text.toCharArray()) {
            if (c > ' ' && c < 0x7f && "\\#=*?[".indexOf(c) < 0) {
                escaped.append(c);
            } else {
                escaped.append('\\').append((char) ('0' + (c >> 6 & 3))).append((char) ('0' + (c >> 3 & 7))).append((char) ('0' + (c & 7)));
            }
        }
        return escaped.toString();
    }

    static String unescape(String text) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) != '\\') {
                plain.append(text.charAt(i));
                continue;
            }
            if (i + 4 > text.length()) {
                throw new IllegalArgumentException("a broken escape in " + text);
            }
            plain.append((char) (Integer.parseInt(text, i + 1, i + 4, 8) & 0xff));
            i += 3;
        }
        return plain.toString();
    }
}
