package io.scwatcher.attestation.encoding;

import static io.scwatcher.attestation.Fixtures.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.Reason;
import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DerTest {
    private static Der der(String hex) throws AttestationException {
        return Der.parse(Bytes.ofHex(hex.replace(" ", "")).toArray());
    }

    @Test
    void readsWhatIsWritten() throws AttestationException {
        byte[] large = new byte[70_000];
        Der read = Der.parse(DerWriter.sequence(DerWriter.integer(255), DerWriter.octets(large), DerWriter.bool(true), DerWriter.enumerated(2),
                DerWriter.identifier("1.2.840.113741.1.13.1.2.18"), DerWriter.utf8("naïve"), DerWriter.bits(new byte[] {9})));
        List<Der> parts = read.children(Der.SEQUENCE);
        assertThat(parts.get(0).number(Der.INTEGER, 255)).isEqualTo(255);
        assertThat(parts.get(1).octets()).isEqualTo(Bytes.of(large));
        assertThat(parts.get(2).bool()).isTrue();
        assertThat(parts.get(3).number(Der.ENUMERATED, 2)).isEqualTo(2);
        assertThat(parts.get(4).identifier()).isEqualTo("1.2.840.113741.1.13.1.2.18");
        assertThat(parts.get(5).string()).isEqualTo("naïve");
        assertThat(parts.get(6).bits()).isEqualTo(Bytes.of((byte) 9));
        assertThat(der("0603 883703").identifier()).isEqualTo("2.999.3");
    }

    @Test
    void numbersAreChecked() {
        for (String wrong : List.of("0200", "0202 0001", "0201 ff", "0202 0100", "0209 010000000000000000")) {
            assertThat(refusal(() -> der(wrong).number(Der.INTEGER, 255))).as(wrong).isEqualTo(Reason.CERTIFICATE_MALFORMED);
        }
        assertThat(refusal(() -> der("0201 05").number(Der.ENUMERATED, 255))).isEqualTo(Reason.CERTIFICATE_MALFORMED);
        assertThat(refusal(() -> der("0101 01").bool())).isEqualTo(Reason.CERTIFICATE_MALFORMED);
        assertThat(refusal(() -> der("0603 2a8001").identifier())).isEqualTo(Reason.CERTIFICATE_MALFORMED);
        assertThat(refusal(() -> der("0602 2a81").identifier())).isEqualTo(Reason.CERTIFICATE_MALFORMED);
        assertThat(refusal(() -> der("0404 00000000").octets(3))).isEqualTo(Reason.CERTIFICATE_MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "30", "3001", "3080 0000", "308100", "30817f", "30820080", "3084 00000001 00", "1f8101 00", "0400 00", "30ff"})
    void formsThatDerHasNotAreRefused(String hex) {
        assertThat(refusal(() -> der(hex).children(Der.SEQUENCE))).isEqualTo(Reason.CERTIFICATE_MALFORMED);
    }

    @Test
    void depthAndNumberAreBounded() {
        byte[] deep = new byte[0];
        for (int i = 0; i < 40; i++) {
            deep = DerWriter.sequence(deep);
        }
        byte[] nested = deep;
        assertThat(refusal(() -> {
            Der at = Der.parse(nested);
            while (true) {
                at = at.children(Der.SEQUENCE).getFirst();
            }
        })).isEqualTo(Reason.CERTIFICATE_MALFORMED);
        byte[] wide = DerWriter.element(Der.SEQUENCE, new byte[2000]);
        assertThat(refusal(() -> Der.parse(wide).children(Der.SEQUENCE))).isEqualTo(Reason.CERTIFICATE_MALFORMED);
    }

    @Test
    void integersTakeTheirShortestForm() {
        assertThat(Bytes.of(DerWriter.integer(BigInteger.valueOf(128)))).hasToString("02020080");
        assertThat(Bytes.of(DerWriter.identifier("2.5.29.35"))).hasToString("0603551d23");
    }
}
