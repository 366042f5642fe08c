package io.scwatcher.cpu.interpret;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.Engine;
import io.scwatcher.cpu.Engines;
import io.scwatcher.cpu.Event;
import io.scwatcher.cpu.memory.AddressSpace;
import io.scwatcher.cpu.memory.FrameAccount;
import io.scwatcher.cpu.memory.Mapping;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Random bytes as code: every run ends in one of the events, whatever it does on its way, its own code included. */
class FuzzTest {
    private static final int FEW = 3_000;
    private static final int MILLION = 1_000_000;
    private static final long BASE = 0x10_0000L;
    private static final int PAGES = 4;
    private static final int CODE_BYTES = 64;
    /** Bytes that begin an instruction more often than chance would have it. */
    private static final int[] PREFIXES = {0x0f, 0x0f, 0x48, 0x66, 0xf2, 0xf3, 0x41, 0x38, 0x3a, 0xf0, 0x64, 0xd9, 0xdd, 0x89, 0x8b, 0xa4, 0xe8, 0x75};

    enum Kind {
        INTERPRETER(Engines::interpreter),
        MIXED(Engines::mixed),
        COMPILER(Engines::compiler);

        private final Supplier<Engine> engine;

        Kind(Supplier<Engine> engine) {
            this.engine = engine;
        }
    }

    @ParameterizedTest
    @EnumSource
    void survivesSomeRandomCode(Kind kind) {
        fuzz(kind, FEW);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("slow")
    void survivesMuchRandomCode(Kind kind) {
        fuzz(kind, kind == Kind.INTERPRETER ? MILLION : MILLION / 5);
    }

    static void fuzz(Kind kind, int pieces) {
        long seed = Long.getLong("scwatcher.seed", System.nanoTime());
        System.out.println("fuzz: -Dscwatcher.seed=" + seed);
        SplittableRandom random = new SplittableRandom(seed);
        Engine engine = kind.engine.get();
        AddressSpace memory = new AddressSpace(FrameAccount.UNLIMITED);
        memory.map(BASE, PAGES * 4096L, Mapping.READ | Mapping.WRITE | Mapping.EXECUTE, null, 0, false, null);
        Cpu cpu = new Cpu(memory);
        Thread alarm = Thread.ofPlatform().daemon().start(() -> {
            try {
                while (true) {
                    Thread.sleep(1);
                    cpu.requestAttention();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        byte[] code = new byte[CODE_BYTES];
        int[] events = new int[Event.values().length];
        for (int n = 0; n < pieces; n++) {
            random.nextBytes(code);
            for (int i = 0; i < code.length; i += 1 + random.nextInt(6)) {
                code[i] = (byte) PREFIXES[random.nextInt(PREFIXES.length)];
            }
            long start = BASE + random.nextInt(PAGES * 4096 - CODE_BYTES);
            memory.write(start, code, 0, code.length);
            for (int i = 0; i < 16; i++) {
                cpu.gpr[i] = random.nextInt(4) == 0 ? random.nextLong() : BASE + random.nextInt(PAGES * 4096);
            }
            cpu.setRflags(random.nextInt());
            cpu.rip = start;
            events[engine.run(cpu).ordinal()]++;
        }
        alarm.interrupt();
        assertThat(events[Event.EXCEPTION.ordinal()]).isPositive();
    }
}
