package io.scwatcher.cpu;

/** Why {@link Engine#run} came back. */
public enum Event {
    /** A {@code SYSCALL} instruction was executed: RIP is behind it, RCX and R11 are set as the processor sets them. */
    SYSTEM_CALL,
    /** An exception: see {@link Cpu#vector}, {@link Cpu#errorCode} and {@link Cpu#faultAddress}. RIP is as the manual says for its class. */
    EXCEPTION,
    /** Somebody called {@link Cpu#requestAttention}; the request is now withdrawn. RIP is at an instruction boundary. */
    ATTENTION
}
