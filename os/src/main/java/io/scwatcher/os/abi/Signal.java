package io.scwatcher.os.abi;

/** Signal numbers of x86-64 (arch/x86/include/uapi/asm/signal.h). A set of signals is a {@code long}: bit n-1 is signal n. */
public final class Signal {
    public static final int SIGHUP = 1, SIGINT = 2, SIGQUIT = 3, SIGILL = 4, SIGTRAP = 5, SIGABRT = 6, SIGBUS = 7, SIGFPE = 8, SIGKILL = 9, SIGUSR1 = 10,
            SIGSEGV = 11, SIGUSR2 = 12, SIGPIPE = 13, SIGALRM = 14, SIGTERM = 15, SIGSTKFLT = 16, SIGCHLD = 17, SIGCONT = 18, SIGSTOP = 19, SIGTSTP = 20,
            SIGTTIN = 21, SIGTTOU = 22, SIGURG = 23, SIGXCPU = 24, SIGXFSZ = 25, SIGVTALRM = 26, SIGPROF = 27, SIGWINCH = 28, SIGIO = 29, SIGPWR = 30, SIGSYS = 31;
    public static final int SIGRTMIN = 32;
    /** The highest signal: _NSIG. */
    public static final int LAST = 64;

    private static final String[] NAMES = {null, "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM",
        "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS"};

    private Signal() {}

    /** {@code "SIGHUP"} for 1, {@code "SIGRT_3"} for SIGRTMIN + 3, as strace. */
    public static String name(int number) {
        if (number > 0 && number < SIGRTMIN) {
            return "SIG" + NAMES[number];
        }
        return number >= SIGRTMIN && number <= LAST ? "SIGRT_" + (number - SIGRTMIN) : Integer.toString(number);
    }

    /** The set that holds this one signal. */
    public static long bit(int number) {
        return 1L << number - 1;
    }

    public static boolean valid(int number) {
        return number >= 1 && number <= LAST;
    }
}
