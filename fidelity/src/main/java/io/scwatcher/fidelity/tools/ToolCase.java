package io.scwatcher.fidelity.tools;

import java.util.Arrays;
import java.util.List;

/**
 * A command that is run inside the guest and outside.
 *
 * @param name what the scoreboard calls it
 * @param command the program and its arguments, run without a shell
 * @param traces how its output shows processes of its own
 * @param seconds how long it may take outside
 */
record ToolCase(String name, List<String> command, OwnTraces traces, int seconds) {
    /** A command whose words are separated by blanks, and whose own processes take a line of its output each. */
    static ToolCase of(String command) {
        return of(command, OwnTraces.LINES);
    }

    static ToolCase of(String command, OwnTraces traces) {
        return new ToolCase(command, Arrays.asList(command.split(" ")), traces, 120);
    }

    /** A script, given to its interpreter behind the words of {@code interpreter}. */
    static ToolCase script(String name, String interpreter, String text) {
        List<String> words = new java.util.ArrayList<>(Arrays.asList(interpreter.split(" ")));
        words.add(text);
        return new ToolCase(name, words, OwnTraces.LINES, 120);
    }

    ToolCase within(int limit) {
        return new ToolCase(name, command, traces, limit);
    }
}
