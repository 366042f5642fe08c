package io.scwatcher.enclave.session;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.Consumer;

/** Starts commands in layers. Safe for several threads. */
public interface ToolRunner {
    /**
     * Starts a command.
     *
     * @param notes takes lines for the person who asked, as long as the command runs
     * @throws RefusedException one line: why it cannot be run
     */
    RunningTool start(ToolRequest request, Streams streams, Consumer<String> notes) throws RefusedException;

    /** Where a command's input comes from and its output goes. With a terminal everything is shown through {@code output}. */
    record Streams(InputStream input, OutputStream output, OutputStream error) {}

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
