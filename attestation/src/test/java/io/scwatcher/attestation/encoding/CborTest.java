package io.scwatcher.attestation.encoding;

import static io.scwatcher.attestation.Fixtures.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.Reason;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CborTest {
    private static Cbor cbor(String hex) throws AttestationException {
        return Cbor.parse(Bytes.ofHex(hex));
    }

    /** RFC 8949, appendix A. */
    @ParameterizedTest
    @CsvSource({"00, 0", "17, 23", "1818, 24", "1903e8, 1000", "1a000f4240, 1000000", "1801, 1", "1b0000000000000001, 1", "1a7fffffff, 2147483647"})
    void numbers(String hex, int value) throws AttestationException {
        assertThat(cbor(hex).number()).isEqualTo(value);
    }

    @Test
    void readsWhatIsWritten() throws AttestationException {
        Bytes large = Bytes.zeros(70_000);
        Bytes written = CborWriter.tagged(60_000, CborWriter.array(CborWriter.octets(large), CborWriter.number(300), CborWriter.map(List.of(
                new CborWriter.Entry(CborWriter.text("nonce"), CborWriter.octets(Bytes.zeros(24))),
                new CborWriter.Entry(CborWriter.text("a"), CborWriter.number(1))))));
        Cbor.Tagged tagged = (Cbor.Tagged) Cbor.parse(written);
        assertThat(tagged.tag()).isEqualTo(60_000);
        List<Cbor> items = tagged.item().items(3);
        assertThat(items.get(0).octets()).isEqualTo(large);
        assertThat(items.get(1).number()).isEqualTo(300);
        assertThat(items.get(2).entries().keySet()).containsExactly("a", "nonce");
        assertThat(written.slice(0, 3)).hasToString("d9ea60");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "18", "1c", "1f", "20", "f4", "f97e00", "5f", "9f", "bf", "41", "590001", "5b7fffffffffffffff", "1a80000000",
        "8200", "a16161", "a1616100ff", "a2616100616101", "a10000", "61ff", "0000", "9affffffff", "9a7fffffff", "ba7fffffff"})
    void whatIsNotOfThePartIsRefused(String hex) {
        assertThat(refusal(() -> cbor(hex))).isEqualTo(Reason.EVIDENCE_MALFORMED);
    }

    @Test
    void depthAndNumberAreBounded() {
        assertThat(refusal(() -> cbor("81".repeat(40) + "00"))).isEqualTo(Reason.EVIDENCE_MALFORMED);
        assertThat(refusal(() -> cbor("c1".repeat(40) + "00"))).isEqualTo(Reason.EVIDENCE_MALFORMED);
        assertThat(refusal(() -> cbor("9903e8" + "00".repeat(1000)))).isEqualTo(Reason.EVIDENCE_MALFORMED);
    }

    @Test
    void anythingElseIsRefusedAndNothingWorse() {
        long seed = System.nanoTime();
        System.out.println("seed of CBOR fuzz: " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] content = new byte[random.nextInt(40)];
            random.nextBytes(content);
            Reason reason = refusal(() -> Cbor.parse(Bytes.of(content)));
            assertThat(reason).isIn(null, Reason.EVIDENCE_MALFORMED);
        }
    }
}
