package io.scwatcher.attestation.dcap;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.Reason;
import io.scwatcher.attestation.quote.EnclaveReport;
import io.scwatcher.attestation.quote.TeeType;
import java.time.Instant;
import java.util.List;

/**
 * Which quoting enclave is a vendor's (Intel's provisioning certification service, "Enclave Identity" version 2).
 *
 * @param tee whose quotes it signs: QE for SGX, TD_QE for TDX
 * @param miscSelect 4 bytes, little-endian as in a report
 * @param levels the highest first
 */
record QeIdentity(TeeType tee, Instant issued, Instant nextUpdate, int evaluation, Bytes miscSelect, Bytes miscSelectMask, Bytes attributes,
        Bytes attributesMask, Bytes mrSigner, int isvProductId, List<SvnLevel> levels) {
    static QeIdentity parse(Bytes document) throws AttestationException {
        Json json = Json.parse(document, "the QE identity", Reason.QE_IDENTITY_MALFORMED);
        int version = json.number("version", Integer.MAX_VALUE);
        if (version != 2) {
            throw json.wrong("version", "is " + version + "; 2 is supported");
        }
        TeeType tee = switch (json.text("id")) {
            case "QE" -> TeeType.SGX;
            case "TD_QE" -> TeeType.TDX;
            default -> throw json.wrong("id", "is neither QE nor TD_QE");
        };
        return new QeIdentity(tee, json.time("issueDate"), json.time("nextUpdate"), json.number("tcbEvaluationDataNumber", Integer.MAX_VALUE),
                json.hex("miscselect", 4), json.hex("miscselectMask", 4), json.hex("attributes", 16), json.hex("attributesMask", 16),
                json.hex("mrsigner", 32), json.number("isvprodid", 0xffff), SvnLevel.read(json));
    }

    /**
     * @return the level that the quoting enclave reaches
     * @throws AttestationException QE_IDENTITY_MISMATCH or TCB_NOT_SUPPORTED
     */
    SvnLevel check(EnclaveReport qe) throws AttestationException {
        int misc = qe.miscSelect();
        Bytes reported = Bytes.of((byte) misc, (byte) (misc >>> 8), (byte) (misc >>> 16), (byte) (misc >>> 24));
        String wrong = !reported.and(miscSelectMask).equals(miscSelect) ? "MISCSELECT"
                : !qe.attributes().and(attributesMask).equals(attributes) ? "ATTRIBUTES"
                : !qe.mrSigner().equals(mrSigner) ? "MRSIGNER"
                : qe.isvProductId() != isvProductId ? "ISVPRODID" : null;
        if (wrong != null) {
            throw new AttestationException(Reason.QE_IDENTITY_MISMATCH, "the quoting enclave's " + wrong + " is not the one of its identity");
        }
        return SvnLevel.reachedBy(qe.isvSvn(), levels).orElseThrow(() -> new AttestationException(Reason.TCB_NOT_SUPPORTED,
                "the quoting enclave's version " + qe.isvSvn() + " is below all that its identity lists"));
    }
}
