package io.scwatcher.fidelity.tools;

/**
 * What a run of a tool gave.
 *
 * @param out standard output, a {@code char} for each byte
 * @param errors standard error
 * @param status as a shell has it
 * @param shell the process ID of the shell that ran it in the guest, which waits for it and holds its streams; 0 outside
 * @param lastBefore the last process ID that the guest had given out before; 0 outside
 * @param last the last one that it had given out afterwards; 0 outside
 * @param seconds how long it took; inside by the guest's clock
 */
record ToolOutput(String out, String errors, int status, int shell, int lastBefore, int last, double seconds) {
    boolean isOwn(int pid) {
        return pid > lastBefore && pid <= last || pid == shell;
    }
}
