package io.scwatcher.os.tty;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.abi.Signal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Lines, editing and echo without any program. */
class LineDisciplineTest {
    private final OutputProcessor output = new OutputProcessor();
    private final List<Integer> signals = new ArrayList<>();
    private final LineDiscipline discipline = new LineDiscipline(output, signals::add);
    private final Termios termios = Termios.INITIAL;

    private void type(String keys) {
        for (byte key : keys.getBytes(StandardCharsets.ISO_8859_1)) {
            discipline.receive(termios, key & 0xff);
        }
    }

    private String read() {
        byte[] buffer = new byte[5000];
        int count = discipline.read(termios, buffer, 0, buffer.length);
        return count < 0 ? Errno.name(-count) : new String(buffer, 0, count, StandardCharsets.ISO_8859_1);
    }

    private String screen() {
        byte[] buffer = new byte[70_000];
        return new String(buffer, 0, output.take(buffer, 0, buffer.length), StandardCharsets.ISO_8859_1);
    }

    @Test
    void givesALineWhenItIsEnded() {
        type("ls");
        assertThat(read()).isEqualTo("EAGAIN");
        type("\r");
        assertThat(read()).isEqualTo("ls\n");
        assertThat(screen()).isEqualTo("ls\r\n");
    }

    @Test
    void endsTheFileOnlyAtTheStartOfALine() {
        type("a\4b\n\4");
        assertThat(List.of(read(), read(), read(), read())).containsExactly("a", "b\n", "", "EAGAIN");
    }

    @Test
    void interruptsAndForgetsWhatWasTyped() {
        type("half\3");
        assertThat(signals).containsExactly(Signal.SIGINT);
        assertThat(read()).isEqualTo("EAGAIN");
        assertThat(screen()).endsWith("^C");
    }

    @Test
    void keepsTheEndOfALineThatIsTooLong() {
        type("x".repeat(10_000) + "\n");
        assertThat(read()).isEqualTo("x".repeat(4095) + "\n");
    }

    @Test
    void survivesAnything() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        byte[] buffer = new byte[300];
        Termios now = termios;
        for (int i = 0; i < 200_000; i++) {
            switch (random.nextInt(20)) {
                case 0 -> assertThat(discipline.read(now, buffer, 0, 1 + random.nextInt(buffer.length))).isBetween(-Errno.EAGAIN, buffer.length);
                case 1 -> output.take(buffer, 0, random.nextInt(buffer.length));
                case 2 -> {
                    byte[] raw = now.encode(Termios.SIZE);
                    for (int at = 0; at < 16; at += 4) {
                        raw[at + random.nextInt(2)] ^= (byte) (1 << random.nextInt(8));
                    }
                    Termios changed = now.changed(raw);
                    discipline.modeChanged(now, changed);
                    now = changed;
                }
                case 3 -> output.write(now, new byte[] {(byte) random.nextInt(256)}, 0, 1);
                default -> {
                    if (discipline.room(now) > 0) {
                        discipline.receive(now, random.nextInt(4) == 0 ? random.nextInt(256) : random.nextInt(32));
                    }
                }
            }
            assertThat(discipline.available(now)).isBetween(0, 4096);
        }
    }
}
