package io.scwatcher.testbed.apt;

/** A version of a Debian package, ordered as deb-version(7) says. */
public record DebianVersion(String text) implements Comparable<DebianVersion> {
    @Override
    public int compareTo(DebianVersion other) {
        int byEpoch = Long.compare(epoch(), other.epoch());
        int byUpstream = byEpoch != 0 ? byEpoch : compareParts(upstream(), other.upstream());
        return byUpstream != 0 ? byUpstream : compareParts(revision(), other.revision());
    }

    /** The part between the epoch and the Debian revision. */
    public String upstream() {
        String rest = text.substring(text.indexOf(':') + 1);
        return rest.lastIndexOf('-') < 0 ? rest : rest.substring(0, rest.lastIndexOf('-'));
    }

    /** Whether it was built for an older release than the one that it comes from, as {@code ~bpo12} says. */
    public boolean isBackport() {
        return text.contains("~bpo");
    }

    private String revision() {
        String rest = text.substring(text.indexOf(':') + 1);
        return rest.lastIndexOf('-') < 0 ? "" : rest.substring(rest.lastIndexOf('-') + 1);
    }

    private long epoch() {
        int colon = text.indexOf(':');
        return colon > 0 && text.substring(0, colon).matches("[0-9]{1,9}") ? Long.parseLong(text.substring(0, colon)) : 0;
    }

    private static int compareParts(String a, String b) {
        int i = 0;
        int j = 0;
        while (i < a.length() || j < b.length()) {
            while ((i < a.length() && !isDigit(a, i)) || (j < b.length() && !isDigit(b, j))) {
                int difference = order(a, i) - order(b, j);
                if (difference != 0) {
                    return difference;
                }
                i++;
                j++;
            }
            int startA = i;
            int startB = j;
            i = digitsEnd(a, i);
            j = digitsEnd(b, j);
            String numberA = a.substring(Math.min(startA, a.length()), i).replaceFirst("^0+", "");
            String numberB = b.substring(Math.min(startB, b.length()), j).replaceFirst("^0+", "");
            int difference = numberA.length() != numberB.length()
                    ? numberA.length() - numberB.length() : numberA.compareTo(numberB);
            if (difference != 0) {
                return difference;
            }
        }
        return 0;
    }

    private static int digitsEnd(String text, int from) {
        int end = Math.min(from, text.length());
        while (end < text.length() && isDigit(text, end)) {
            end++;
        }
        return end;
    }

    private static boolean isDigit(String text, int index) {
        return index < text.length() && text.charAt(index) >= '0' && text.charAt(index) <= '9';
    }

    private static int order(String text, int index) {
        if (index >= text.length() || isDigit(text, index)) {
            return 0;
        }
        char c = text.charAt(index);
        return c == '~' ? -1 : Character.isLetter(c) ? c : c + 256;
    }

    @Override
    public String toString() {
        return text;
    }
}
