package io.scwatcher.cpu;

/**
 * Ends an instruction before it has changed any register. Without a stack trace and without state: what happened stands in the {@link Cpu}.
 * Never leaves {@link Engine#run}.
 */
public final class CpuException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** {@link Cpu#vector}, {@link Cpu#errorCode} and {@link Cpu#faultAddress} tell which. */
    public static final CpuException FAULT = new CpuException();

    /**
     * A write was about to hit code, which was thrown away ({@link Cpu#codeChanged} is true now). The instruction must be executed again, decoded
     * afresh and by itself.
     */
    public static final CpuException CODE_CHANGED = new CpuException();

    /** Attention was requested in the middle of a repeated string instruction: it goes on when it is executed again. */
    public static final CpuException INTERRUPTED = new CpuException();

    private CpuException() {
        super(null, null, false, false);
    }
}
