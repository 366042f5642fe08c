package io.scwatcher.attestation.dcap;

import static io.scwatcher.attestation.Fixtures.ENCLAVE;
import static io.scwatcher.attestation.Fixtures.PLATFORM;
import static io.scwatcher.attestation.Fixtures.REPORT_DATA;
import static io.scwatcher.attestation.Fixtures.refusal;
import static io.scwatcher.attestation.Fixtures.verifier;
import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** No byte of a quote or of its collateral can be changed. The verifier's defence is tested for each field, and slowly for each byte. */
class TamperingTest {
    @ParameterizedTest(name = "{0} at {1}: {2}")
    @CsvSource({"version, 0, QUOTE_UNSUPPORTED", "key type, 2, QUOTE_UNSUPPORTED", "reserved, 4, QUOTE_MALFORMED",
        "QE SVN, 8, QUOTE_SIGNATURE_INVALID", "PCE SVN, 10, QUOTE_SIGNATURE_INVALID", "QE vendor, 12, QUOTE_UNSUPPORTED",
        "user data, 28, QUOTE_SIGNATURE_INVALID", "CPUSVN, 48, QUOTE_SIGNATURE_INVALID", "MISCSELECT, 64, QUOTE_SIGNATURE_INVALID",
        "reserved, 68, QUOTE_MALFORMED", "extended product id, 80, QUOTE_SIGNATURE_INVALID", "ATTRIBUTES, 96, QUOTE_SIGNATURE_INVALID",
        "XFRM, 104, QUOTE_SIGNATURE_INVALID", "MRENCLAVE, 112, QUOTE_SIGNATURE_INVALID", "reserved, 144, QUOTE_MALFORMED",
        "MRSIGNER, 176, QUOTE_SIGNATURE_INVALID", "reserved, 208, QUOTE_MALFORMED", "CONFIGID, 240, QUOTE_SIGNATURE_INVALID",
        "product id, 304, QUOTE_SIGNATURE_INVALID", "SVN, 306, QUOTE_SIGNATURE_INVALID", "CONFIGSVN, 308, QUOTE_SIGNATURE_INVALID",
        "reserved, 310, QUOTE_MALFORMED", "family id, 352, QUOTE_SIGNATURE_INVALID", "REPORTDATA, 368, QUOTE_SIGNATURE_INVALID",
        "end of REPORTDATA, 431, QUOTE_SIGNATURE_INVALID", "length of signature data, 432, QUOTE_MALFORMED",
        "high byte of that length, 435, QUOTE_MALFORMED", "signature r, 436, QUOTE_SIGNATURE_INVALID",
        "signature s, 468, QUOTE_SIGNATURE_INVALID", "attestation key x, 500, ATTESTATION_KEY_UNBOUND",
        "attestation key y, 532, ATTESTATION_KEY_UNBOUND", "QE CPUSVN, 564, QE_REPORT_SIGNATURE_INVALID",
        "QE ATTRIBUTES, 612, QE_REPORT_SIGNATURE_INVALID", "QE MRENCLAVE, 628, QE_REPORT_SIGNATURE_INVALID",
        "QE MRSIGNER, 692, QE_REPORT_SIGNATURE_INVALID", "QE product id, 820, QE_REPORT_SIGNATURE_INVALID",
        "QE SVN in report, 822, QE_REPORT_SIGNATURE_INVALID", "QE REPORTDATA, 884, QE_REPORT_SIGNATURE_INVALID",
        "QE report signature r, 948, QE_REPORT_SIGNATURE_INVALID", "QE report signature s, 980, QE_REPORT_SIGNATURE_INVALID",
        "QE authentication data, 1014, ATTESTATION_KEY_UNBOUND", "certification data type, 1046, QUOTE_UNSUPPORTED",
        "certification data length, 1048, QUOTE_MALFORMED", "PEM, 1052, CERTIFICATE_MALFORMED"})
    void everyFieldOfAQuoteIsProtected(String field, int offset, Reason reason) throws AttestationException {
        byte[] quote = PLATFORM.quote(ENCLAVE, REPORT_DATA);
        quote[offset] ^= 1 << 3;
        Collateral collateral = PLATFORM.collateral().build();
        assertThat(refusal(() -> verifier().verify(quote, collateral))).as(field).isEqualTo(reason);
    }

    @Test
    void theLengthOfTheAuthenticationDataIsChecked() throws AttestationException {
        byte[] quote = PLATFORM.quote(ENCLAVE, REPORT_DATA);
        Collateral collateral = PLATFORM.collateral().build();
        for (int length : new int[] {0, 31, 33, 0xffff}) {
            quote[1012] = (byte) length;
            quote[1013] = (byte) (length >> 8);
            assertThat(refusal(() -> verifier().verify(quote, collateral))).isIn(Reason.QUOTE_MALFORMED, Reason.QUOTE_UNSUPPORTED);
        }
    }

    @Test
    void someBytesOfAQuoteAndOfItsCollateral() throws AttestationException {
        tamper(97);
    }

    /** Takes about a minute. */
    @Test
    @Tag("slow")
    void everyByteOfAQuoteAndOfItsCollateral() throws AttestationException {
        tamper(1);
    }

    private static void tamper(int step) throws AttestationException {
        byte[] quote = PLATFORM.quote(ENCLAVE, REPORT_DATA);
        Collateral collateral = PLATFORM.collateral().build();
        assertThat(refusal(() -> verifier().verify(quote, collateral))).isNull();
        each(Bytes.of(quote), step, "quote", changed -> refusal(() -> verifier().verify(changed.toArray(), collateral)));
        each(collateral.tcbInfo().body(), step, "TCB information", changed -> refused(quote, collateral, changed, 0));
        each(collateral.tcbInfo().signature(), step, "its signature", changed -> refused(quote, collateral, changed, 1));
        each(collateral.tcbInfoChain(), step, "its chain", changed -> refused(quote, collateral, changed, 2));
        each(collateral.qeIdentity().body(), step, "QE identity", changed -> refused(quote, collateral, changed, 3));
        each(collateral.qeIdentity().signature(), step, "its signature", changed -> refused(quote, collateral, changed, 4));
        each(collateral.qeIdentityChain(), step, "its chain", changed -> refused(quote, collateral, changed, 5));
        each(collateral.rootCrl(), step, "root CRL", changed -> refused(quote, collateral, changed, 6));
        each(collateral.pckCrl(), step, "PCK CRL", changed -> refused(quote, collateral, changed, 7));
    }

    private static Reason refused(byte[] quote, Collateral all, Bytes changed, int which) {
        Collateral collateral = new Collateral(
                new SignedDocument(which == 0 ? changed : all.tcbInfo().body(), which == 1 ? changed : all.tcbInfo().signature()),
                which == 2 ? changed : all.tcbInfoChain(),
                new SignedDocument(which == 3 ? changed : all.qeIdentity().body(), which == 4 ? changed : all.qeIdentity().signature()),
                which == 5 ? changed : all.qeIdentityChain(), which == 6 ? changed : all.rootCrl(), which == 7 ? changed : all.pckCrl());
        return refusal(() -> verifier().verify(quote, collateral));
    }

    private static void each(Bytes content, int step, String what, Function<Bytes, Reason> verify) {
        List<Integer> accepted = new ArrayList<>();
        for (int i = 0; i < content.length(); i += step) {
            byte[] changed = content.toArray();
            changed[i] ^= (byte) (1 << i % 8);
            if (verify.apply(Bytes.of(changed)) == null) {
                accepted.add(i);
            }
        }
        assertThat(accepted).as("offsets of the " + what + " that can be changed").isEmpty();
    }
}
