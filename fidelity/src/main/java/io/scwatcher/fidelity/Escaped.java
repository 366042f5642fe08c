package io.scwatcher.fidelity;

/** Bytes of the guest made harmless for a terminal. */
public final class Escaped {
    private Escaped() {}

    /** Printable ASCII stays, tab and newline become {@code \t} and {@code \n}, all else {@code \xNN}. */
    public static String of(String text) {
        StringBuilder out = new StringBuilder(text.length() + 8);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\t' -> out.append("\\t");
                case '\n' -> out.append("\\n");
                default -> {
                    if (c >= ' ' && c < 0x7f) {
                        out.append(c);
                    } else {
                        out.append("\\x").append(Character.forDigit(c >> 4 & 15, 16))
                                .append(Character.forDigit(c & 15, 16));
                    }
                }
            }
        }
        return out.toString();
    }

    /** {@link #of} cut to {@code limit} characters, with a mark where it was cut. */
    public static String of(String text, int limit) {
        String escaped = of(text.length() > limit ? text.substring(0, limit + 1) : text);
        return escaped.length() > limit ? escaped.substring(0, limit) + "…" : escaped;
    }
}
