package io.scwatcher.attestation.dcap;

import io.scwatcher.attestation.quote.Quote;
import java.time.Instant;
import java.util.List;

/**
 * What is known of a quote whose signatures, certificates and collateral are all right. Whether that is enough says a policy:
 * the status may be bad, the enclave may be anybody's.
 *
 * @param root what the chains end in
 * @param status of the platform together with its quoting enclave and TDX module
 * @param platformStatus of the level that the platform reaches, before the quoting enclave's and the TDX module's
 * @param qeStatus of the quoting enclave's level
 * @param moduleStatus of the TDX module's level; UP_TO_DATE for SGX and where the platform's level judges the module
 * @param advisories of the reached levels, like "INTEL-SA-00615", in the order of the levels and each once
 * @param levelDate when the reached level was what a platform should have
 * @param evaluation the vendor's evaluation that the collateral stands for, the older of both documents'
 * @param verifiedAt the time for which all this holds
 * @param validUntil when the first of the certificates, lists and documents expires
 */
public record Verdict(Quote quote, TrustAnchor root, PckCertificate platform, TcbStatus status, TcbStatus platformStatus, TcbStatus qeStatus,
        TcbStatus moduleStatus, List<String> advisories, Instant levelDate, int evaluation, Instant verifiedAt, Instant validUntil) {
    public Verdict {
        advisories = List.copyOf(advisories);
    }

    public boolean isSimulated() {
        return root.kind() == TrustAnchor.Kind.SIMULATION;
    }
}
