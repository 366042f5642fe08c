package io.scwatcher.cli;

/** Exit codes where the command that was run has none of its own: sysexits.h. */
final class ExitCode {
    static final int OK = 0;
    /** EX_USAGE: the command line. */
    static final int USAGE = 64;
    /** EX_DATAERR: what was read is not what it should be: a corrupt dump, no Linux in the VM. */
    static final int DATA = 65;
    /** EX_NOINPUT: there is no such VM, file or socket. */
    static final int NO_INPUT = 66;
    /** EX_UNAVAILABLE: something that is needed is not there or went away. */
    static final int UNAVAILABLE = 69;
    /** EX_SOFTWARE: a fault of our own. */
    static final int SOFTWARE = 70;
    /** EX_NOPERM: not permitted. */
    static final int NO_PERMISSION = 77;

    /** EX_CONFIG: a file that tells what to do is wrong. */
    static final int CONFIGURATION = 78;

    private ExitCode() {}
}
