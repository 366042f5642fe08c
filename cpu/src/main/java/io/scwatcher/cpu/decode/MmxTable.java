package io.scwatcher.cpu.decode;

/** The instructions on MM registers. */
final class MmxTable {
    static final String ROWS = """
            NP 0F FC    | PADDB Pq,Qq          |
            """;

    private MmxTable() {
    }
}
