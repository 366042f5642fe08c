package io.scwatcher.cpu.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.cpu.Engine;
import io.scwatcher.cpu.Engines;
import io.scwatcher.cpu.decode.Decoder;
import io.scwatcher.cpu.decode.Family;
import io.scwatcher.cpu.decode.Instruction;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several x87 and MMX instructions in a row: the stack between them, exceptions that wait for the next one, and the environment that FNSAVE tells. */
class X87SequenceTest {
    private static final int CASES = 4_000;
    private static final int INSTRUCTIONS = 5;
    private static final int RBX = 3;
    private static final byte[] FNSAVE_RBX = {(byte) 0xDD, 0x33};

    @TempDir
    Path directory;

    private final long seed = Long.getLong("scwatcher.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);
    private final RandomValues values = new RandomValues(random);

    @Test
    void leavesTheSameEnvironment() {
        try (NativeOracle oracle = new NativeOracle(directory)) {
            for (Engine engine : new Engine[] {Engines.interpreter(), Engines.compiler()}) {
                EngineUnderTest ours = new EngineUnderTest(engine);
                for (int done = 0; done < CASES; done += NativeOracle.BATCH) {
                    compare(oracle, ours);
                }
            }
        }
    }

    private void compare(NativeOracle oracle, EngineUnderTest ours) {
        List<TestCase> cases = new ArrayList<>();
        for (int i = 0; i < NativeOracle.BATCH; i++) {
            cases.add(sequence());
        }
        List<MachineState> expected = oracle.execute(cases);
        for (int i = 0; i < cases.size(); i++) {
            TestCase one = cases.get(i);
            assertThat(DefinedResults.differences(one, expected.get(i), ours.execute(one)))
                    .as("%s, seed %d", HexFormat.of().formatHex(one.code()), seed).isEmpty();
        }
    }

    private TestCase sequence() {
        byte[] code = new byte[2 * INSTRUCTIONS + FNSAVE_RBX.length];
        for (int i = 0; i < INSTRUCTIONS; i++) {
            do {
                code[2 * i] = (byte) (0xD8 + random.nextInt(8));
                code[2 * i + 1] = (byte) (0xC0 + random.nextInt(64));
            } while (!isExact(Decoder.decode(code, 2 * i, 2 * i + 2)));
        }
        System.arraycopy(FNSAVE_RBX, 0, code, 2 * INSTRUCTIONS, FNSAVE_RBX.length);
        MachineState state = new MachineState();
        values.floating(state.fx);
        state.flags = 0x202 | random.nextInt() & 0x8D5;
        state.gpr[RBX] = MachineState.MEMORY + random.nextInt(MachineState.WINDOW - 108);
        return new TestCase(Decoder.decode(code, 2 * INSTRUCTIONS, code.length), code, state);
    }

    /** Whether it is an x87 instruction, and all processors agree on what it does. */
    private static boolean isExact(Instruction instruction) {
        if (instruction == null || instruction.form.family() != Family.X87) {
            return false;
        }
        return switch (instruction.opcode) {
            case FSIN, FCOS, FSINCOS, FPTAN, FPATAN, F2XM1, FYL2X, FYL2XP1 -> false;
            default -> true;
        };
    }
}
