package io.scwatcher.cpu.oracle;

import io.scwatcher.cpu.Flags;
import io.scwatcher.cpu.decode.Form;
import java.io.ByteArrayOutputStream;
import java.util.random.RandomGenerator;

/** Instructions that read flags, put behind those that write them: an engine that computes flags late, or fuses the two, must still be right. */
final class FlagConsumers {
    private static final int[] USED = {Flags.OF, Flags.CF, Flags.ZF, Flags.CF | Flags.ZF, Flags.SF, Flags.PF, Flags.SF | Flags.OF,
        Flags.ZF | Flags.SF | Flags.OF};
    private static final int TRIES = 100;

    private final RandomGenerator random;
    private final CaseGenerator producers;

    FlagConsumers(RandomGenerator random) {
        this.random = random;
        producers = new CaseGenerator(random);
    }

    /** A case of the form with a consumer behind it, or null if the form leaves hardly any flag defined. */
    TestCase next(Form form) {
        for (int n = 0; n < TRIES; n++) {
            TestCase producer = producers.next(form);
            if (producer.instruction().form.endsBlock() || !DefinedResults.isDefined(producer)) {
                continue;
            }
            int condition = random.nextInt(16);
            long undefined = DefinedResults.undefinedFlags(producer.instruction(), producer.before());
            if ((undefined & USED[condition >> 1]) == 0) {
                return new TestCase(producer.instruction(), join(producer.code(), consumer(condition)), producer.before());
            }
        }
        return null;
    }

    /** Jcc, SETcc or CMOVcc of registers. */
    private byte[] consumer(int condition) {
        int registers = 0xc0 | random.nextInt(64);
        return switch (random.nextInt(4)) {
            case 0 -> new byte[] {0x0f, (byte) (0x90 | condition), (byte) (registers & 0xc7)};
            case 1 -> new byte[] {0x0f, (byte) (0x40 | condition), (byte) registers};
            default -> new byte[] {(byte) (0x70 | condition), (byte) random.nextInt(100)};
        };
    }

    private static byte[] join(byte[] first, byte[] second) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(first);
        out.writeBytes(second);
        return out.toByteArray();
    }
}
