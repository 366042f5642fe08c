package io.scwatcher.cpu.oracle;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** The state of a processor before or after one instruction. */
final class MachineState {
    /** Where the case's memory lies: the last bytes of a page, behind which nothing is mapped. */
    static final int WINDOW = 640;
    static final long DATA = 0x2000_0000L;
    static final long DATA_END = DATA + 4096;
    static final long MEMORY = DATA_END - WINDOW;
    /** Pages alone that mustn't be written: one that is not resident, one that is, and one that mustn't be read either. */
    static final long COLD = 0x3000_0000L;
    static final long WARM = 0x3001_0000L;
    static final long HIDDEN = 0x3002_0000L;
    /** A page of INT3 in which the instruction stands. */
    static final long CODE = 0x1000_0000L;
    static final long START = CODE + 0x800;
    /** Bytes of code in a case. */
    static final int CODE_SIZE = 32;

    final long[] gpr = new long[16];
    long flags;
    final byte[] fx = new byte[512];
    final byte[] memory = new byte[WINDOW];

    /** Only before. */
    long fsBase;
    long gsBase;

    /** Only after. */
    long vector;
    long error;
    long faultAddress;
    long rip;

    /** The size of a case for the oracle: see struct input. */
    static final int INPUT_SIZE = CODE_SIZE + 128 + 8 + 8 + 16 + 512 + WINDOW;
    /** See struct output. */
    static final int OUTPUT_SIZE = 32 + 128 + 8 + 512 + WINDOW;

    void writeInput(byte[] code, ByteBuffer to) {
        to.put(Arrays.copyOf(code, CODE_SIZE));
        for (long register : gpr) {
            to.putLong(register);
        }
        to.putLong(flags).putLong(code.length).putLong(fsBase).putLong(gsBase).put(fx).put(memory);
    }

    static MachineState readOutput(ByteBuffer from) {
        MachineState state = new MachineState();
        state.vector = from.getLong();
        state.error = from.getLong();
        state.faultAddress = from.getLong();
        state.rip = from.getLong();
        for (int i = 0; i < 16; i++) {
            state.gpr[i] = from.getLong();
        }
        state.flags = from.getLong();
        from.get(state.fx).get(state.memory);
        return state;
    }
}
