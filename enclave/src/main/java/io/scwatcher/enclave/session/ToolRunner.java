package io.scwatcher.enclave.session;

import io.scwatcher.os.Run;
import io.scwatcher.os.StandardStreams;
import java.util.function.Consumer;

/** Starts commands in layers. Safe for several threads. */
public interface ToolRunner {
    /**
     * Starts a command.
     *
     * @param notes takes lines for the person who asked, as long as the command runs
     * @throws RefusedException one line: why it cannot be run
     */
    Started start(ToolRequest request, StandardStreams streams, Consumer<String> notes) throws RefusedException;

    /**
     * A command that runs.
     *
     * @param whenOver lets go of what was taken for it (a paused VM goes on), and gives lines to be told at the end
     */
    record Started(Run run, Runnable whenOver) {}

    /** A command that cannot be run. */
    final class RefusedException extends Exception {
        private final int exitCode;

        /** @param exitCode as in sysexits.h, or a shell's 126 and 127 */
        public RefusedException(int exitCode, String line) {
            super(line);
            this.exitCode = exitCode;
        }

        public int exitCode() {
            return exitCode;
        }
    }
}
