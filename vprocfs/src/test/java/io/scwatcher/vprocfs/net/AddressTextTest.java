package io.scwatcher.vprocfs.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressTextTest {
    @ParameterizedTest
    @CsvSource({"0, 0.0.0.0", "2130706433, 127.0.0.1", "4294967295, 255.255.255.255", "167772161, 10.0.0.1"})
    void printsFourNumbers(long address, String text) {
        assertThat(AddressText.dotted(address)).isEqualTo(text);
    }
}
