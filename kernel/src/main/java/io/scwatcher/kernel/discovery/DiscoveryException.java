package io.scwatcher.kernel.discovery;

/** No kernel could be profiled. The message is one line for people: what, why, what to do. */
public final class DiscoveryException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What kind of failure it is, for the exit code. */
    public enum Category {
        /** The memory holds no Linux kernel that could be verified. */
        NO_KERNEL(65),
        /** A Linux kernel, but one that lacks what is needed to read it, or of an architecture not supported. */
        UNSUPPORTED_KERNEL(69),
        /** The VM runs another boot or another kernel than the one profiled. */
        REBOOTED(75);

        private final int exitCode;

        Category(int exitCode) {
            this.exitCode = exitCode;
        }

        /** After sysexits.h: EX_DATAERR, EX_UNAVAILABLE, EX_TEMPFAIL. */
        public int exitCode() {
            return exitCode;
        }
    }

    private final Category category;

    public DiscoveryException(Category category, String message) {
        super(message);
        this.category = category;
    }

    public Category category() {
        return category;
    }
}
