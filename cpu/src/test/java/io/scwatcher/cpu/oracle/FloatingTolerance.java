package io.scwatcher.cpu.oracle;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.decode.Instruction;
import io.scwatcher.cpu.memory.AddressSpace;
import io.scwatcher.cpu.memory.FrameAccount;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Where the manual leaves a floating-point result to the processor: transcendental functions may be one unit in the last place off (SDM vol. 1, 8.3.10),
 * reciprocals 1.5 * 2^-12 (vol. 2, RCPPS). What keeps within that is taken over from the processor, so that the comparison of the rest stays exact.
 */
final class FloatingTolerance {
    private static final int ST = 32, XMM = 160, SLOT = 16;
    private static final int STATUS = 2, C1 = 0x200;
    private static final int MXCSR_MASK_OFFSET = 28;
    /** Both the processor and the engine may err, to opposite sides. */
    private static final double RECIPROCAL_ERROR = 2 * 1.5 / 4096;

    private FloatingTolerance() {
    }

    static void overlook(TestCase one, MachineState expected, MachineState actual) {
        ByteBuffer wanted = ByteBuffer.wrap(expected.fx).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer found = ByteBuffer.wrap(actual.fx).order(ByteOrder.LITTLE_ENDIAN);
        Instruction i = one.instruction();
        switch (i.opcode) {
            case FSIN, FCOS, FSINCOS, FPTAN, FPATAN, F2XM1, FYL2X, FYL2XP1 -> {
                overlookLastPlace(wanted, found, ST);
                overlookLastPlace(wanted, found, ST + SLOT);
                found.putShort(STATUS, (short) (found.getShort(STATUS) & ~C1 | wanted.getShort(STATUS) & C1));
            }
            case RCPPS, RCPSS, RSQRTPS, RSQRTSS -> {
                for (int lane = 0; lane < 4; lane++) {
                    overlookApproximation(wanted, found, XMM + SLOT * i.reg + 4 * lane);
                }
            }
            case FXSAVE -> overlookMask(one, expected, actual);
            default -> { }
        }
        // In which order an instruction touches its many operands is its own business.
        if (i.operands.stream().anyMatch(o -> o.isMemory() && o.size() > 16) && (expected.faultAddress ^ actual.faultAddress) >>> 12 == 0) {
            actual.faultAddress = expected.faultAddress;
        }
    }

    private static void overlookLastPlace(ByteBuffer wanted, ByteBuffer found, int at) {
        long distance = wanted.getLong(at) - found.getLong(at);
        boolean sameExponent = wanted.getShort(at + 8) == found.getShort(at + 8);
        boolean acrossPower = Math.abs(wanted.getShort(at + 8) - found.getShort(at + 8)) == 1 && Math.abs(distance) == Long.MAX_VALUE;
        if (sameExponent && Math.abs(distance) == 1 || acrossPower) {
            found.putLong(at, wanted.getLong(at)).putShort(at + 8, wanted.getShort(at + 8));
        }
    }

    private static void overlookApproximation(ByteBuffer wanted, ByteBuffer found, int at) {
        float processor = wanted.getFloat(at);
        boolean underflow = processor == 0 && Math.abs(found.getFloat(at)) == Float.MIN_NORMAL;
        if (underflow || Math.abs(found.getFloat(at) - processor) <= RECIPROCAL_ERROR * Math.abs(processor)) {
            found.putFloat(at, processor);
        }
    }

    private static Cpu processorIn(MachineState state) {
        Cpu cpu = new Cpu(new AddressSpace(FrameAccount.UNLIMITED));
        System.arraycopy(state.gpr, 0, cpu.gpr, 0, 16);
        cpu.fsBase = state.fsBase;
        cpu.gsBase = state.gsBase;
        cpu.rip = MachineState.START;
        return cpu;
    }

    /** Which bits of MXCSR exist depends on the processor. */
    private static void overlookMask(TestCase one, MachineState expected, MachineState actual) {
        int at = (int) (one.instruction().address(processorIn(one.before())) - MachineState.MEMORY) + MXCSR_MASK_OFFSET;
        for (int n = 0; n < 4; n++) {
            if (at + n >= 0 && at + n < MachineState.WINDOW && actual.vector == expected.vector) {
                actual.memory[at + n] = expected.memory[at + n];
            }
        }
    }
}
