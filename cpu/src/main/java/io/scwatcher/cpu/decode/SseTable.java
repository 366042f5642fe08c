package io.scwatcher.cpu.decode;

/** The instructions on XMM registers, SSE to SSE4.2, and those on MXCSR. */
final class SseTable {
    static final String ROWS = """
            66 0F FC    | PADDB Vdq,Wdq        |
            NP 0F 58    | ADDPS Vdq,Wdq        |
            """;

    private SseTable() {
    }
}
