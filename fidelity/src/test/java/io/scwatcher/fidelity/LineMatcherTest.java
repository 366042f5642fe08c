package io.scwatcher.fidelity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineMatcherTest {
    private static List<LineDifference> differences(String before, String after, String ours) {
        return new LineMatcher(LineTolerance.NONE).differences(before, after, ours);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        // before | after | ours | right
        "5 | 9 | 7 | true",
        "5 | 9 | 10 | false",
        "9 | 5 | 5 | true",
        "-5 | 3 | -1 | true",
        "-5 | -9 | -4 | false",
        "0.95 | 1.05 | 1.00 | true",
        "0.95 | 1.05 | 1.06 | false",
        "99999999999999999998 | 100000000000000000001 | 99999999999999999999 | true",
        "00000019 | 00000021 | 0000001a | true",
        "0x1f | 0x21 | 0x20 | true",
        "ffff888000000001 | ffff888000000009 | ffff88800000000a | false",
        "state S | state R | state R | true",
        "state S | state R | state D | false",
        "eth0: 5 | eth0: 7 | eth1: 6 | false",
        "10.0.2.15 | 10.0.2.16 | 10.0.2.15 | true",
        "cpu0 3kB | cpu0 5kB | cpu0 4kB | true",
        "a 1 | a 3 | a 2 2 | false",
        "left (9, 5) | left (7, 900000000) | left (7, 950000000) | true",
        "left (9, 5) | left (7, 900000000) | left (7, 850000000) | false",
        "'[    9]' | '[  100]' | '[   50]' | true",
        "'[    9]' | '[  100]' | '[      50]' | false"
    })
    void numbersLieBetweenWordsAreOneOfBoth(String before, String after, String ours, boolean right) {
        assertThat(differences(before + "\n", after + "\n", ours + "\n").isEmpty()).isEqualTo(right);
    }

    @Test
    void lineOfOneReadingMayBeThereOrNot() {
        String before = "a 1\nb 2\nd 4\n";
        String after = "a 1\nc 3\nd 4\n";
        assertThat(differences(before, after, "a 1\nd 4\n")).isEmpty();
        assertThat(differences(before, after, "a 1\nb 2\nc 3\nd 4\n")).isEmpty();
        assertThat(differences(before, after, "a 1\nb 2\n")).containsExactly(new LineDifference("d 4", "d 4", null));
        assertThat(differences(before, after, "a 1\ne 5\nd 4\n")).containsExactly(new LineDifference(null, null, "e 5"));
    }

    @Test
    void linesAreAlignedByResemblance() {
        String before = "sl 0: 0A 11 100\nsl 1: 0A 12 200\n";
        String after = "sl 0: 01 10 900\nsl 1: 0A 11 110\nsl 2: 0A 12 220\n";
        assertThat(differences(before, after, "sl 0: 0A 11 105\nsl 1: 0A 12 210\n")).isEmpty();
        assertThat(differences(before, after, "sl 0: 0A 11 105\nsl 1: 0A 12 230\n")).hasSize(1);
    }

    @Test
    void lineMayNotBeServedTwice() {
        assertThat(differences("a\nb 1\n", "a\nb 2\n", "a\na\nb 1\n")).containsExactly(new LineDifference(null, null, "a"));
    }

    @Test
    void lackOfTheLastNewlineIsSeen() {
        assertThat(differences("a\n", "a\n", "a")).hasSize(1);
        assertThat(differences("a", "a", "a")).isEmpty();
    }

    @Test
    void whatDidNotMoveIsComparedExactly() {
        assertThat(differences("a  1\n", "a  1\n", "a 1\n")).hasSize(1);
        assertThat(differences("x\ny\n", "x\ny\n", "y\nx\n")).hasSize(2);
    }
}
