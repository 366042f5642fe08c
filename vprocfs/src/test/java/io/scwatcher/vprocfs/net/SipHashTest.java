package io.scwatcher.vprocfs.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SipHashTest {
    /** The eighth vector of the SipHash paper's appendix: key 00 .. 0f, message 00 .. 07. */
    @Test
    void agreesWithItsAuthors() {
        long hash = SipHash.hash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L, 0x0706050403020100L);
        assertThat(hash).isEqualTo(0x93f5f5799a932462L);
    }
}
