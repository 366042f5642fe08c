package io.scwatcher.fidelity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Compares a text of ours with the guest's readings of it before and after. A line that both readings have must be
 * served, with every number between the two and every word as in one of them; a line that only one reading has may be
 * served as it is there or be absent. Which line of one reading is which of the other is decided by aligning the two.
 */
public final class LineMatcher {
    /** Beyond this many pairs of lines, alignment is by position. */
    private static final long MOST_PAIRS = 4_000_000;

    private static final Pattern TIME = Pattern.compile("\\(([0-9]{1,18}), ([0-9]{1,9})\\)");

    private final LineTolerance tolerance;
    private final Map<String, List<Token>> tokens = new HashMap<>();

    public LineMatcher(LineTolerance tolerance) {
        this.tolerance = tolerance;
    }

    /** What is wrong with {@code ours}, in the order of the guest's lines; empty if nothing is. */
    public List<LineDifference> differences(String before, String after, String ours) {
        List<String> first = lines(before);
        List<String> second = lines(after);
        List<String> served = lines(ours);
        if (first.size() == second.size() && first.size() == served.size()) {
            List<LineDifference> byPosition = byPosition(first, second, served);
            if (byPosition.isEmpty() || before.equals(after)) {
                return byPosition;
            }
        }
        return match(align(first, second), served);
    }

    /** Whether a line of ours is right beside the two readings of it. */
    public boolean within(String before, String after, String ours) {
        if (ours.equals(before) || ours.equals(after)) {
            return true;
        }
        if (tolerance.accepts(before, after, ours)) {
            return true;
        }
        if (before.equals(after)) {
            return false;
        }
        List<Token> first = tokens(before);
        List<Token> second = tokens(after);
        List<Token> served = tokens(ours);
        if (first.size() != second.size() || first.size() != served.size()) {
            return false;
        }
        for (int i = 0; i < served.size(); i++) {
            if (!served.get(i).between(first.get(i), second.get(i))) {
                return false;
            }
        }
        return true;
    }

    private List<LineDifference> byPosition(List<String> first, List<String> second, List<String> served) {
        List<LineDifference> differences = new ArrayList<>();
        for (int i = 0; i < served.size(); i++) {
            if (!within(first.get(i), second.get(i), served.get(i))) {
                differences.add(new LineDifference(first.get(i), second.get(i), served.get(i)));
            }
        }
        return differences;
    }

    /** A line of the guest; one of the two is null where only one reading has it. */
    private record GuestLine(String before, String after) {
        boolean isOptional() {
            return before == null || after == null;
        }
    }

    private List<LineDifference> match(List<GuestLine> guest, List<String> served) {
        boolean[] used = new boolean[served.size()];
        Map<String, List<Integer>> places = new HashMap<>();
        for (int i = served.size() - 1; i >= 0; i--) {
            places.computeIfAbsent(served.get(i), text -> new ArrayList<>()).add(i);
        }
        boolean[] found = new boolean[guest.size()];
        for (int i = 0; i < found.length; i++) {
            found[i] = take(places, guest.get(i).before(), used) || take(places, guest.get(i).after(), used);
        }
        for (int i = 0; i < found.length; i++) {
            for (int j = 0; !found[i] && !guest.get(i).isOptional() && j < used.length; j++) {
                if (!used[j] && within(guest.get(i).before(), guest.get(i).after(), served.get(j))) {
                    used[j] = true;
                    found[i] = true;
                }
            }
        }
        return unmatched(guest, found, served, used);
    }

    private static boolean take(Map<String, List<Integer>> places, String line, boolean[] used) {
        List<Integer> left = line == null ? null : places.get(line);
        if (left == null || left.isEmpty()) {
            return false;
        }
        used[left.removeLast()] = true;
        return true;
    }

    /** Lines that should have been served, each beside the line of ours that resembles it, then what we invented. */
    private List<LineDifference> unmatched(List<GuestLine> guest, boolean[] found, List<String> served, boolean[] used) {
        List<LineDifference> differences = new ArrayList<>();
        for (int i = 0; i < found.length; i++) {
            GuestLine line = guest.get(i);
            if (found[i] || line.isOptional()) {
                continue;
            }
            int resembling = -1;
            for (int j = 0; j < used.length && resembling < 0; j++) {
                if (!used[j] && firstWord(served.get(j)).equals(firstWord(line.before()))) {
                    resembling = j;
                }
            }
            if (resembling >= 0) {
                used[resembling] = true;
            }
            differences.add(new LineDifference(line.before(), line.after(),
                    resembling < 0 ? null : served.get(resembling)));
        }
        for (int j = 0; j < used.length; j++) {
            if (!used[j]) {
                differences.add(new LineDifference(null, null, served.get(j)));
            }
        }
        return differences;
    }

    /** Pairs the lines of two readings so that those which resemble each other most stand together. */
    private List<GuestLine> align(List<String> first, List<String> second) {
        int start = 0;
        while (start < first.size() && start < second.size() && first.get(start).equals(second.get(start))) {
            start++;
        }
        int end = 0;
        while (end < first.size() - start && end < second.size() - start
                && first.get(first.size() - 1 - end).equals(second.get(second.size() - 1 - end))) {
            end++;
        }
        List<GuestLine> aligned = new ArrayList<>();
        first.subList(0, start).forEach(line -> aligned.add(new GuestLine(line, line)));
        alignMiddle(first.subList(start, first.size() - end), second.subList(start, second.size() - end), aligned);
        first.subList(first.size() - end, first.size()).forEach(line -> aligned.add(new GuestLine(line, line)));
        return aligned;
    }

    private void alignMiddle(List<String> first, List<String> second, List<GuestLine> aligned) {
        int rows = first.size();
        int columns = second.size();
        if ((long) rows * columns > MOST_PAIRS) {
            for (int i = 0; i < Math.max(rows, columns); i++) {
                aligned.add(new GuestLine(i < rows ? first.get(i) : null, i < columns ? second.get(i) : null));
            }
            return;
        }
        // best[i][j]: the largest sum of similarities that the lines from i and from j on can have.
        float[][] best = new float[rows + 1][columns + 1];
        for (int i = rows - 1; i >= 0; i--) {
            for (int j = columns - 1; j >= 0; j--) {
                float pair = similarity(first.get(i), second.get(j));
                float paired = pair > 0 ? pair + best[i + 1][j + 1] : 0;
                best[i][j] = Math.max(paired, Math.max(best[i + 1][j], best[i][j + 1]));
            }
        }
        int i = 0;
        int j = 0;
        while (i < rows || j < columns) {
            float pair = i < rows && j < columns ? similarity(first.get(i), second.get(j)) : 0;
            if (pair > 0 && best[i][j] == pair + best[i + 1][j + 1]) {
                aligned.add(new GuestLine(first.get(i++), second.get(j++)));
            } else if (j == columns || i < rows && best[i][j] == best[i + 1][j]) {
                aligned.add(new GuestLine(first.get(i++), null));
            } else {
                aligned.add(new GuestLine(null, second.get(j++)));
            }
        }
    }

    /**
     * How much two lines resemble each other, from 0 (cannot be the same line) to 1. A number that moved says less than
     * one that stayed; lines without a common word or number are the same line only if they have no words.
     */
    private float similarity(String a, String b) {
        List<Token> first = tokens(a);
        List<Token> second = tokens(b);
        if (first.size() != second.size()) {
            return 0;
        }
        int equal = 0;
        int moved = 0;
        int all = 0;
        for (int i = 0; i < first.size(); i++) {
            Token one = first.get(i);
            Token other = second.get(i);
            if (!one.isLike(other)) {
                return 0;
            }
            if (one.kind() != Token.Kind.BLANKS) {
                all++;
                equal += one.equals(other) ? 1 : 0;
                moved += one.isNumber() && !one.equals(other) ? 1 : 0;
            }
        }
        if (equal == 0 && moved < all) {
            return 0;
        }
        return all == 0 ? 1 : (equal + moved * 0.25f) / all;
    }

    private List<Token> tokens(String line) {
        return tokens.computeIfAbsent(line, text -> Token.of(withWholeTimes(text)));
    }

    /** Seconds and nanoseconds as {@code (5, 70)} are one number, here 5.000000070. */
    private static String withWholeTimes(String line) {
        return line.indexOf('(') < 0 ? line : TIME.matcher(line).replaceAll(
                time -> "(" + time.group(1) + "." + "0".repeat(9 - time.group(2).length()) + time.group(2) + ")");
    }

    private String firstWord(String line) {
        return tokens(line).stream().filter(token -> token.kind() != Token.Kind.BLANKS).map(Token::text)
                .findFirst().orElse("");
    }

    /** The lines without newlines; a last line that lacks its newline gets a mark, so that the lack is seen. */
    private static List<String> lines(String text) {
        List<String> lines = new ArrayList<>(Arrays.asList(text.split("\n", -1)));
        if (lines.getLast().isEmpty()) {
            lines.removeLast();
        } else {
            lines.set(lines.size() - 1, lines.getLast() + NO_NEWLINE);
        }
        return lines;
    }

    /** Stands behind a last line that has no newline. */
    static final String NO_NEWLINE = "\uffff";
}
