package io.scwatcher.cpu.decode;

/** The instructions whose tables and handlers belong together. */
public enum Family {
    /** General registers and memory, branches, strings, what a user program may ask of the system. */ INTEGER,
    X87,
    /** On MM registers, the extensions of SSE to SSSE3 included. */ MMX,
    /** On XMM registers, SSE to SSE4.2, and MXCSR. */ SSE
}
