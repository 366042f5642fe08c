package io.scwatcher.host.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A text with places named {@code ${LIKE_THIS}}. Each value must have a place and each place a value. */
record Template(Path file) {
    private static final Pattern PLACE = Pattern.compile("\\$\\{([A-Z][A-Z0-9_]*)}");

    /** @throws IllegalStateException if places and values don't match */
    String fill(Map<String, String> values) throws IOException {
        Set<String> unused = new HashSet<>(values.keySet());
        String filled = PLACE.matcher(Files.readString(file)).replaceAll(place -> {
            String value = values.get(place.group(1));
            if (value == null) {
                throw new IllegalStateException(file + " asks for " + place.group(1) + ", which nobody gives");
            }
            unused.remove(place.group(1));
            return Matcher.quoteReplacement(value);
        });
        if (!unused.isEmpty()) {
            throw new IllegalStateException(file + " has no place for " + unused);
        }
        return filled;
    }
}
