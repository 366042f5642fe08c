package io.scwatcher.fidelity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A scoreboard for programs. */
public final class ScoreboardJson {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_LINES = 20;

    private ScoreboardJson() {}

    /**
     * One object: {@code total}, {@code required}, {@code transients}, {@code settled}, {@code families} and {@code patterns} (counts by
     * name), {@code failures} (each node that is not good, with at most 20 of its differing lines). Bytes that are not
     * printable ASCII are escaped as {@code \xNN}.
     */
    public static String of(Scoreboard scoreboard) {
        ObjectNode root = JSON.createObjectNode();
        root.set("total", counts(scoreboard.total()));
        root.set("required", counts(scoreboard.required()));
        root.put("transients", scoreboard.transients());
        root.put("settled", scoreboard.settled());
        ObjectNode families = root.putObject("families");
        scoreboard.families().forEach((name, counts) -> families.set(Escaped.of(name), counts(counts)));
        ObjectNode patterns = root.putObject("patterns");
        scoreboard.patterns().forEach((name, counts) -> patterns.set(Escaped.of(name), counts(counts)));
        ArrayNode failures = root.putArray("failures");
        for (NodeResult result : scoreboard.results()) {
            if (!result.verdict().isGood()) {
                failures.add(failure(result));
            }
        }
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static ObjectNode failure(NodeResult result) {
        ObjectNode node = JSON.createObjectNode();
        node.put("path", "/proc/" + Escaped.of(result.path()));
        node.put("verdict", result.verdict().name());
        node.put("required", RequiredFiles.contains(result.path()));
        ArrayNode attributes = node.putArray("attributes");
        result.attributes().forEach(attribute -> attributes.add(Escaped.of(attribute)));
        node.put("differingLines", result.lines().size());
        ArrayNode lines = node.putArray("lines");
        result.lines().stream().limit(MOST_LINES).forEach(line -> lines.addObject()
                .put("before", escaped(line.before())).put("after", escaped(line.after()))
                .put("ours", escaped(line.ours())));
        return node;
    }

    private static String escaped(String line) {
        return line == null ? null : Escaped.of(line);
    }

    private static ObjectNode counts(Scoreboard.Counts counts) {
        return JSON.createObjectNode().put("inGuest", counts.inGuest()).put("served", counts.served())
                .put("identical", counts.of(Verdict.IDENTICAL)).put("within", counts.of(Verdict.WITHIN))
                .put("differing", counts.of(Verdict.DIFFERING)).put("notServed", counts.of(Verdict.NOT_SERVED))
                .put("invented", counts.of(Verdict.INVENTED));
    }
}
