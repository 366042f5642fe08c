package io.scwatcher.fidelity.tools;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.scwatcher.fidelity.Escaped;
import io.scwatcher.fidelity.LineDifference;
import java.util.List;

/** The outcome for all tools. */
public final class ToolScoreboard {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_LINES = 50;
    private static final int WIDTH = 220;

    private final String release;
    private final List<ToolResult> results;

    ToolScoreboard(String release, List<ToolResult> results) {
        this.release = release;
        this.results = List.copyOf(results);
    }

    public boolean isRight() {
        return results.stream().allMatch(ToolResult::isRight);
    }

    /** One line about one tool. */
    static String line(ToolResult result) {
        return "%-32s %5d lines  %-18s inside %7.2f s  outside %7.2f s%s".formatted(Escaped.of(result.tool(), 32), result.lines(),
                result.isRight() ? "the same" : result.differences().size() + " differ", result.insideSeconds(), result.outsideSeconds(),
                result.rounds() > 1 ? "  rounds " + result.rounds() : "");
    }

    /** A line for each tool, below each the lines that differ: {@code -} inside, {@code +} outside. */
    public String text() {
        StringBuilder text = new StringBuilder("Linux ").append(release).append('\n');
        for (ToolResult result : results) {
            text.append(line(result)).append('\n');
            for (LineDifference difference : result.differences().subList(0, Math.min(MOST_LINES, result.differences().size()))) {
                append(text, "  - ", difference.before());
                if (difference.after() != null && !difference.after().equals(difference.before())) {
                    append(text, "  - ", difference.after());
                }
                append(text, "  + ", difference.ours());
            }
        }
        long right = results.stream().filter(ToolResult::isRight).count();
        return text.append(right).append(" of ").append(results.size()).append(" tools print what they print inside\n").toString();
    }

    private static void append(StringBuilder text, String mark, String line) {
        if (line != null) {
            text.append(mark).append(Escaped.of(line, WIDTH)).append('\n');
        }
    }

    /** One object: {@code release}, {@code tools} (each with name, lines, times, and its differing lines), {@code right}, {@code total}. */
    public String json() {
        ObjectNode root = JSON.createObjectNode();
        root.put("release", release);
        root.put("right", results.stream().filter(ToolResult::isRight).count());
        root.put("total", results.size());
        ArrayNode tools = root.putArray("tools");
        for (ToolResult result : results) {
            ObjectNode tool = tools.addObject().put("name", result.tool()).put("lines", result.lines()).put("differing", result.differences().size())
                    .put("insideSeconds", result.insideSeconds()).put("outsideSeconds", result.outsideSeconds()).put("rounds", result.rounds());
            ArrayNode differences = tool.putArray("differences");
            result.differences().stream().limit(MOST_LINES).forEach(one -> differences.addObject().put("before", escaped(one.before()))
                    .put("after", escaped(one.after())).put("ours", escaped(one.ours())));
        }
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String escaped(String line) {
        return line == null ? null : Escaped.of(line);
    }
}
