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

    @ParameterizedTest
    @CsvSource({"0 0 0 0 0 0 0 0, ::", "0 0 0 0 0 0 0 1, ::1", "2001 db8 0 0 1 0 0 1, 2001:db8::1:0:0:1",
        "fe80 0 0 0 1 2 3 4, fe80::1:2:3:4", "1 2 3 4 5 6 7 8, 1:2:3:4:5:6:7:8", "1 0 3 4 5 6 7 8, 1:0:3:4:5:6:7:8",
        "ff02 0 0 0 0 0 0 0, ff02::", "0 0 0 0 0 ffff c0a8 1, ::ffff:192.168.0.1"})
    void leavesOutTheLongestRunOfZeros(String groups, String text) {
        int[] parsed = java.util.Arrays.stream(groups.split(" ")).mapToInt(group -> Integer.parseInt(group, 16)).toArray();
        assertThat(AddressText.compressed(parsed)).isEqualTo(text);
    }
}
