package io.scwatcher.cpu.oracle;

import io.scwatcher.cpu.decode.Instruction;
import java.util.HexFormat;

/** An instruction and the state in which it is executed. */
record TestCase(Instruction instruction, byte[] code, MachineState before) {
    @Override
    public String toString() {
        return instruction.form + " [" + HexFormat.of().formatHex(code) + "]";
    }
}
