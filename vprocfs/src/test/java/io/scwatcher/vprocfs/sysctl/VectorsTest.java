package io.scwatcher.vprocfs.sysctl;

import static io.scwatcher.vprocfs.TestKernel.S32;
import static io.scwatcher.vprocfs.TestKernel.U32;
import static io.scwatcher.vprocfs.TestKernel.U64;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scwatcher.kernel.memory.MemoryFault;
import io.scwatcher.vprocfs.ProcText;
import io.scwatcher.vprocfs.TestKernel;
import org.junit.jupiter.api.Test;

class VectorsTest {
    private static final int TABLE = 0x1000;
    private static final int DATA = 0x2000;
    private static final int JIFFIES = 0x3000;

    private final TestKernel kernel = new TestKernel();

    VectorsTest() {
        kernel.declare("ctl_table", "data", U64, "maxlen", S32);
        kernel.declare("clocksource", "mult", U32, "shift", U32);
        kernel.symbol("clocksource_jiffies", JIFFIES);
        kernel.put32(JIFFIES, 4_000_000 << 8);
        kernel.put32(JIFFIES + 4, 8);
    }

    @Test
    void integersAreSignedAndSeparatedByTabs() {
        kernel.put32(DATA, 4);
        kernel.put32(DATA + 4, -7);
        assertThat(print(Vectors::ints, 8)).isEqualTo("4\t-7\n");
        assertThat(print(Vectors::unsignedInts, 8)).isEqualTo("4\t4294967289\n");
    }

    @Test
    void aSettingWithoutValuePrintsNothing() {
        assertThat(print(Vectors::ints, 0)).isEmpty();
        assertThat(print(Vectors::ints, -4)).isEmpty();
        assertThat(print(Vectors::string, 0)).isEmpty();
    }

    @Test
    void longsAreUnsigned() {
        kernel.put64(DATA, -1);
        assertThat(print(Vectors::longs, 8)).isEqualTo("18446744073709551615\n");
    }

    /** At 250 ticks a second. */
    @Test
    void jiffiesComeInTheUnitOfTheHandler() {
        kernel.put32(DATA, 625);
        assertThat(print(Vectors::jiffiesAsSeconds, 4)).isEqualTo("2\n");
        assertThat(print(Vectors::jiffiesAsMilliseconds, 4)).isEqualTo("2500\n");
        assertThat(print(Vectors::jiffiesAsUserTicks, 4)).isEqualTo("250\n");
    }

    @Test
    void stringsEndAtTheirNulOrAtTheLength() {
        kernel.putText(DATA, "linux");
        assertThat(print(Vectors::string, 64)).isEqualTo("linux\n");
        assertThat(print(Vectors::string, 3)).isEqualTo("lin\n");
    }

    @Test
    void bitmapsAreListsOfRuns() {
        kernel.put64(DATA, DATA + 8);
        kernel.put64(DATA + 8, 0b1011_0001);
        assertThat(print(Vectors::bitmap, 64)).isEqualTo("0,4-5,7\n");
        kernel.put64(DATA + 8, 0);
        assertThat(print(Vectors::bitmap, 64)).isEqualTo("\n");
        kernel.put64(DATA + 8, -1);
        assertThat(print(Vectors::bitmap, 12)).isEqualTo("0-11\n");
    }

    @Test
    void anUnmappedValueIsAFault() {
        kernel.put64(TABLE, 0x7fff_0000_0000L);
        kernel.put32(TABLE + 8, 4);
        assertThatThrownBy(() -> Vectors.ints(setting(), new ProcText())).isInstanceOf(MemoryFault.class);
    }

    private String print(Handler handler, int size) {
        kernel.put64(TABLE, DATA);
        kernel.put32(TABLE + 8, size);
        ProcText text = new ProcText();
        handler.print(setting(), text);
        return text.toString();
    }

    private Setting setting() {
        return new Setting(kernel.at(TABLE, "ctl_table"), null);
    }
}
