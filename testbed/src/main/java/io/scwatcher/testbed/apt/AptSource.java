package io.scwatcher.testbed.apt;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One binary package archive of apt's configuration, as sources.list(5) defines it.
 *
 * @param uri the archive's address
 * @param suite a suite or code name, such as {@code bookworm-security}
 * @param components such as {@code main}; empty for a flat archive
 * @param options in the one-line format's spelling: {@code signed-by}, {@code arch}, {@code trusted}, ...
 */
public record AptSource(String uri, String suite, List<String> components, Map<String, String> options) {
    private static final Map<String, String> ONE_LINE_NAMES = Map.of("architectures", "arch", "languages", "lang",
            "targets", "target");
    private static final List<String> NOT_OPTIONS = List.of("types", "uris", "suites", "components", "enabled",
            "x-repolib-name", "description");

    /** The same archive with another suite. */
    public AptSource withSuite(String other) {
        return new AptSource(uri, other, components, options);
    }

    /** As a line of a one-line format file. */
    public String line() {
        StringBuilder line = new StringBuilder("deb ");
        if (!options.isEmpty()) {
            List<String> words = new ArrayList<>();
            options.forEach((name, value) -> words.add(name + "=" + value));
            line.append('[').append(String.join(" ", words)).append("] ");
        }
        return line.append(uri).append(' ').append(suite).append(' ').append(String.join(" ", components)).toString().strip();
    }

    /** Reads a file in the one-line format; source package archives and comments are left out. */
    public static List<AptSource> parseOneLine(String text) {
        List<AptSource> sources = new ArrayList<>();
        for (String raw : text.lines().toList()) {
            String line = raw.replaceFirst("#.*", "").strip();
            if (!line.matches("deb\\s.*")) {
                continue;
            }
            line = line.substring(3).strip();
            Map<String, String> options = new LinkedHashMap<>();
            if (line.startsWith("[") && line.indexOf(']') > 0) {
                for (String word : line.substring(1, line.indexOf(']')).strip().split("\\s+")) {
                    int equals = word.indexOf('=');
                    if (equals > 0) {
                        options.put(word.substring(0, equals).toLowerCase(Locale.ROOT), word.substring(equals + 1));
                    }
                }
                line = line.substring(line.indexOf(']') + 1).strip();
            }
            String[] words = line.split("\\s+");
            if (words.length >= 2) {
                sources.add(new AptSource(words[0], words[1], List.of(words).subList(2, words.length), options));
            }
        }
        return sources;
    }

    /**
     * Reads a file in the deb822 format. A key embedded in the file itself is not supported: such a stanza keeps no
     * {@code signed-by} and relies on apt's trusted keys.
     */
    public static List<AptSource> parseDeb822(String text) {
        List<AptSource> sources = new ArrayList<>();
        for (Map<String, String> stanza : stanzas(text)) {
            List<String> types = words(stanza.get("types"));
            boolean enabled = !stanza.getOrDefault("enabled", "yes").strip().matches("(?i)no|false|0|off|without|disable");
            if (!types.contains("deb") || !enabled) {
                continue;
            }
            Map<String, String> options = new LinkedHashMap<>();
            stanza.forEach((name, value) -> {
                boolean embeddedKey = name.equals("signed-by") && value.contains("-----BEGIN");
                if (!NOT_OPTIONS.contains(name) && !embeddedKey) {
                    options.put(ONE_LINE_NAMES.getOrDefault(name, name), String.join(",", words(value)));
                }
            });
            for (String uri : words(stanza.get("uris"))) {
                for (String suite : words(stanza.get("suites"))) {
                    sources.add(new AptSource(uri, suite, words(stanza.get("components")), options));
                }
            }
        }
        return sources;
    }

    private static List<Map<String, String>> stanzas(String text) {
        List<Map<String, String>> stanzas = new ArrayList<>();
        Map<String, String> current = new LinkedHashMap<>();
        String name = null;
        for (String line : (text + "\n\n").lines().toList()) {
            if (line.startsWith("#")) {
                continue;
            }
            if (line.isBlank()) {
                if (!current.isEmpty()) {
                    stanzas.add(current);
                }
                current = new LinkedHashMap<>();
                name = null;
            } else if (Character.isWhitespace(line.charAt(0)) && name != null) {
                current.merge(name, line.strip(), (before, more) -> before + "\n" + more);
            } else if (line.indexOf(':') > 0) {
                name = line.substring(0, line.indexOf(':')).strip().toLowerCase(Locale.ROOT);
                current.put(name, line.substring(line.indexOf(':') + 1).strip());
            }
        }
        if (!current.isEmpty()) {
            stanzas.add(current);
        }
        return stanzas;
    }

    private static List<String> words(String value) {
        return value == null || value.isBlank() ? List.of() : List.of(value.strip().split("\\s+"));
    }
}
