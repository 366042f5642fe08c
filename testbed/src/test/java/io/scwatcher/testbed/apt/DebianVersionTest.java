package io.scwatcher.testbed.apt;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DebianVersionTest {
    @ParameterizedTest
    @CsvSource({"1.0-1,1.0-2", "1.9,1.10", "6.1.99-1,6.1.192-2", "1.0~rc1-1,1.0-1", "1.0,1.0+b1", "1.0-1~deb11u1,1.0-1",
        "9.9,1:0.1", "1.0a,1.0b", "1.0a,1.0+", "6.1.9-1~bpo1,6.1.10-1", "1.0-1,1.0-1.1", "007,8", "1,1.0.1", "~,a"})
    void ordersAsDpkgDoes(String smaller, String larger) {
        assertThat(new DebianVersion(smaller)).isLessThan(new DebianVersion(larger));
        assertThat(new DebianVersion(larger)).isGreaterThan(new DebianVersion(smaller));
    }

    @ParameterizedTest
    @CsvSource({"1.0,1.0", "0:1.0,1.0", "1.00,1.0", "1.0-0,1.0"})
    void holdsForEqual(String one, String other) {
        assertThat(new DebianVersion(one)).isEqualByComparingTo(new DebianVersion(other));
    }
}
