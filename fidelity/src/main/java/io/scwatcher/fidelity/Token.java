package io.scwatcher.fidelity;

import java.util.ArrayList;
import java.util.List;

/**
 * A piece of a line: a number, a word, a run of blanks, or one other character. Whether a run of hexadecimal digits is a
 * number in base 10 or 16, or a word, shows only beside the other readings of the same place; see {@link #between}.
 *
 * @param text the characters
 */
record Token(Kind kind, String text) {
    enum Kind {
        /** Decimal digits, perhaps a sign, perhaps a fraction. */
        DECIMAL,
        /** Hexadecimal digits, perhaps behind 0x, with at least one letter among them. */
        HEXADECIMAL,
        WORD, BLANKS, OTHER
    }

    /** The tokens of a line, which together are the whole line. */
    static List<Token> of(String line) {
        List<Token> tokens = new ArrayList<>();
        int at = 0;
        while (at < line.length()) {
            int end = at + 1;
            char c = line.charAt(at);
            Kind kind = Kind.OTHER;
            if (isBlank(c)) {
                end = endOfBlanks(line, at);
                kind = Kind.BLANKS;
            } else if (isWordPart(c)) {
                end = endOfWord(line, at);
                kind = kindOf(line.substring(at, end));
                if (kind == Kind.DECIMAL) {
                    end = endOfFraction(line, at, end);
                } else if (kind == Kind.WORD && isDigit(c)) {
                    end = endOfDigits(line, at);
                    kind = Kind.DECIMAL;
                }
            } else if (c == '-' && end < line.length() && isDigit(line.charAt(end))
                    && (at == 0 || !isWordPart(line.charAt(at - 1)))) {
                int digits = endOfWord(line, end);
                if (kindOf(line.substring(end, digits)) == Kind.DECIMAL) {
                    end = endOfFraction(line, end, digits);
                    kind = Kind.DECIMAL;
                }
            }
            tokens.add(new Token(kind, line.substring(at, end)));
            at = end;
        }
        return tokens;
    }

    /** Whether this token of ours lies between the guest's readings of it before and after, in either direction. */
    boolean between(Token before, Token after) {
        if (text.equals(before.text) || text.equals(after.text)) {
            return true;
        }
        if (kind == Kind.BLANKS && before.kind == Kind.BLANKS && after.kind == Kind.BLANKS) {
            // Padding in front of a number that grew.
            int low = Math.min(before.text.length(), after.text.length());
            int high = Math.max(before.text.length(), after.text.length());
            return text.length() >= low && text.length() <= high;
        }
        if (!isNumber() || !before.isNumber() || !after.isNumber()) {
            return false;
        }
        boolean upwards = compareNumbers(before, after) <= 0;
        Token low = upwards ? before : after;
        Token high = upwards ? after : before;
        return compareNumbers(low, this) <= 0 && compareNumbers(this, high) <= 0;
    }

    boolean isNumber() {
        return kind == Kind.DECIMAL || kind == Kind.HEXADECIMAL;
    }

    /** Whether both can be readings of the same place of a line. */
    boolean isLike(Token other) {
        return kind == other.kind || isNumber() && other.isNumber();
    }

    /** By value without a limit of size; digits compare alike in base 10 and 16. */
    private static int compareNumbers(Token a, Token b) {
        boolean negativeA = a.text.charAt(0) == '-';
        boolean negativeB = b.text.charAt(0) == '-';
        if (negativeA != negativeB) {
            return negativeA ? -1 : 1;
        }
        int magnitude = compareDigits(a.whole(), b.whole());
        if (magnitude == 0) {
            magnitude = a.fraction().compareTo(b.fraction());
        }
        return negativeA ? -magnitude : magnitude;
    }

    private static int compareDigits(String a, String b) {
        return a.length() != b.length() ? Integer.compare(a.length(), b.length()) : a.compareTo(b);
    }

    /** The digits in front of the point without sign, 0x and leading zeros. */
    private String whole() {
        int start = text.startsWith("-") ? 1 : text.startsWith("0x") || text.startsWith("0X") ? 2 : 0;
        int point = text.indexOf('.');
        int end = point < 0 ? text.length() : point;
        while (start < end && text.charAt(start) == '0') {
            start++;
        }
        return text.substring(start, end).toLowerCase(java.util.Locale.ROOT);
    }

    private String fraction() {
        int point = text.indexOf('.');
        return point < 0 ? "" : text.substring(point + 1);
    }

    private static Kind kindOf(String run) {
        boolean digit = false;
        boolean letter = false;
        int start = (run.startsWith("0x") || run.startsWith("0X")) && run.length() > 2 ? 2 : 0;
        for (int i = start; i < run.length(); i++) {
            char c = run.charAt(i);
            if (isDigit(c)) {
                digit = true;
            } else if (Character.digit(c, 16) >= 0) {
                letter = true;
            } else {
                return Kind.WORD;
            }
        }
        if (start == 2 || digit && letter) {
            return Kind.HEXADECIMAL;
        }
        // Short runs of letters alone are words far more often than numbers; long ones are masks and addresses.
        return letter ? run.length() >= 8 ? Kind.HEXADECIMAL : Kind.WORD : Kind.DECIMAL;
    }

    /** Takes in ".15" behind digits, unless more points follow: then it is an address or a version. */
    private static int endOfFraction(String line, int start, int end) {
        if (end + 1 >= line.length() || line.charAt(end) != '.' || !isDigit(line.charAt(end + 1))) {
            return end;
        }
        boolean pointBefore = start > 0 && line.charAt(start - 1) == '.';
        int fraction = endOfDigits(line, end + 1);
        boolean pointBehind = fraction < line.length() && (line.charAt(fraction) == '.' || isWordPart(line.charAt(fraction)));
        return pointBefore || pointBehind ? end : fraction;
    }

    private static int endOfBlanks(String line, int at) {
        while (at < line.length() && isBlank(line.charAt(at))) {
            at++;
        }
        return at;
    }

    private static int endOfWord(String line, int at) {
        while (at < line.length() && isWordPart(line.charAt(at))) {
            at++;
        }
        return at;
    }

    private static int endOfDigits(String line, int at) {
        while (at < line.length() && isDigit(line.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isWordPart(char c) {
        return isDigit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= 0x80;
    }
}
