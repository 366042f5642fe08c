package io.scwatcher.attestation.dcap;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.Reason;
import io.scwatcher.attestation.quote.TdReport;
import java.util.List;

/**
 * Which TDX module is a vendor's.
 *
 * @param id "TDX_" and the module's version in hexadecimal; empty for the one of TDX 1.0
 * @param levels the highest first; empty for the one of TDX 1.0, whose versions the platform's levels judge
 */
record TdxModule(String id, Bytes mrSigner, Bytes attributes, Bytes attributesMask, List<SvnLevel> levels) {
    static TdxModule read(Json from) throws AttestationException {
        boolean identity = from.has("id");
        return new TdxModule(identity ? from.text("id") : "", from.hex("mrsigner", 48), from.hex("attributes", 8),
                from.hex("attributesMask", 8), identity ? SvnLevel.read(from) : List.of());
    }

    boolean isVersion(int version) {
        return id.equalsIgnoreCase("TDX_%02X".formatted(version));
    }

    /**
     * Intel's own modules have zero attributes, and its quote verification library accepts no others.
     *
     * @throws AttestationException TDX_MODULE_MISMATCH
     */
    void check(TdReport report) throws AttestationException {
        if (!report.mrSignerSeam().equals(mrSigner)) {
            throw new AttestationException(Reason.TDX_MODULE_MISMATCH, "the TDX module's signer is not the one that the TCB information names");
        }
        if (!report.seamAttributes().isZero() || !report.seamAttributes().and(attributesMask).equals(attributes)) {
            throw new AttestationException(Reason.TDX_MODULE_MISMATCH,
                    "the TDX module's attributes are not those that the TCB information names");
        }
    }
}
