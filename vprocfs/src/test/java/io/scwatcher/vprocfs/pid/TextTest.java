package io.scwatcher.vprocfs.pid;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.vprocfs.ProcText;
import org.junit.jupiter.api.Test;

/** The small rules by which names become text. */
class TextTest {
    @Test
    void pathsEscapeOnlyWhatTheFileEscapes() {
        assertThat(PathText.escape("/a b\n", "\n")).isEqualTo("/a b\\012");
        assertThat(PathText.escape("/a b\\c", " \t\n\\")).isEqualTo("/a\\040b\\134c");
        assertThat(PathText.escape("/\u00e4", " ")).as("bytes of other encodings stay").isEqualTo("/\u00e4");
    }

    @Test
    void statusEscapesLineFeedsAndBackslashesOfNames() {
        ProcText out = new ProcText();
        StatusFile.escapeName("a\\b\nc", out);
        assertThat(out.toString()).isEqualTo("a\\\\b\\nc\n");
    }

    @Test
    void numbersAreNamesWithoutLeadingZeros() {
        assertThat(Numbers.parse("0")).isZero();
        assertThat(Numbers.parse("4194304")).isEqualTo(4194304);
        assertThat(Numbers.parse("01")).isEqualTo(-1);
        assertThat(Numbers.parse("")).isEqualTo(-1);
        assertThat(Numbers.parse("-1")).isEqualTo(-1);
        assertThat(Numbers.parse("1a")).isEqualTo(-1);
        assertThat(Numbers.parse("99999999999")).isEqualTo(-1);
        assertThat(Numbers.parse("4294967295")).isEqualTo(-1);
    }

    @Test
    void clockTicksAreHundredthsOfASecond() {
        assertThat(ClockTicks.of(9_999_999)).isZero();
        assertThat(ClockTicks.of(1_000_000_000)).isEqualTo(100);
    }
}
