package io.scwatcher.cpu.decode;

/** The x87 instructions (SDM vol. 2, appendix A.5). */
final class X87Table {
    static final String ROWS = """
            D9 /0    | FLD Md             |
            D9 C0+i  | FLD STi            |
            D8 C0+i  | FADD ST0,STi       |
            """;

    private X87Table() {
    }
}
