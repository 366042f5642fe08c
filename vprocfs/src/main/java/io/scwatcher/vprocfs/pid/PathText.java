package io.scwatcher.vprocfs.pid;

/** {@code mangle_path} (fs/seq_file.c): the given characters as three octal digits, nothing else. */
public final class PathText {
    private PathText() {}

    /** A text with every character of {@code special} escaped. */
    public static String escape(String text, String special) {
        int first = 0;
        while (first < text.length() && special.indexOf(text.charAt(first)) < 0) {
            first++;
        }
        if (first == text.length()) {
            return text;
        }
        StringBuilder escaped = new StringBuilder(text.length() + 16).append(text, 0, first);
        for (int i = first; i < text.length(); i++) {
            char c = text.charAt(i);
            if (special.indexOf(c) >= 0) {
                escaped.append('\\').append((char) ('0' + (c >> 6 & 3))).append((char) ('0' + (c >> 3 & 7)))
                        .append((char) ('0' + (c & 7)));
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }
}
