package io.scwatcher.fidelity;

import java.util.List;
import java.util.regex.Pattern;

/** The files that are listed and whose content nobody reads to its end: the table of procwalk.c, for our side. */
public final class NeverRead {
    private static final List<Pattern> FILES = List.of(Pattern.compile("kmsg|kcore|vmcore|kpage[a-z]*"),
            Pattern.compile("[0-9]+/(task/[0-9]+/)?pagemap"));

    private NeverRead() {}

    /** @param path below /proc */
    public static boolean contains(String path) {
        return FILES.stream().anyMatch(pattern -> pattern.matcher(path).matches());
    }
}
