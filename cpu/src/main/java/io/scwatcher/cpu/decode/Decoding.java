package io.scwatcher.cpu.decode;

import java.util.List;

/** What the decoder has found out about the instruction in hand. */
final class Decoding {
    Form form;
    int opcodeByte;
    int length;
    int operandSize;
    List<Operand> operands;
    int reg;
    int rm;
    boolean memory;
    int segment;
    int base;
    int index;
    int scale;
    long displacement;
    boolean address32;
    long immediate;
    boolean lock;
    boolean repeat;
    boolean repeatNotEqual;
}
