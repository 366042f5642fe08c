package io.scwatcher.attestation.dcap;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.Reason;
import io.scwatcher.attestation.encoding.P256;
import io.scwatcher.attestation.quote.Quote;
import io.scwatcher.attestation.quote.TdReport;
import io.scwatcher.attestation.quote.TeeType;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Verifies quotes as Intel's quote verification library does (SGX DCAP Quote Verification Library, sgxAttestationVerifyQuote and
 * its companions), with collateral that the caller brings. Immutable; may be used by many threads.
 */
public final class DcapVerifier {
    private final List<TrustAnchor> anchors;
    private final boolean allowSimulation;
    private final Clock clock;

    /**
     * @param anchors the roots to trust
     * @param allowSimulation whether those of simulated platforms among them count
     * @param clock tells what has expired
     */
    public DcapVerifier(Collection<TrustAnchor> anchors, boolean allowSimulation, Clock clock) {
        this.anchors = List.copyOf(anchors);
        this.allowSimulation = allowSimulation;
        this.clock = clock;
    }

    /** A verifier of quotes by real processors. */
    public static DcapVerifier intel(Clock clock) {
        return new DcapVerifier(List.of(TrustAnchor.INTEL), false, clock);
    }

    public Verdict verify(byte[] quote, Collateral collateral) throws AttestationException {
        return verify(Quote.parse(quote), collateral);
    }

    public Verdict verify(Quote quote, Collateral collateral) throws AttestationException {
        return new Verification(quote, collateral, clock.instant()).verdict();
    }

    /** One run, at one instant. */
    private final class Verification {
        private final Quote quote;
        private final Collateral collateral;
        private final Instant now;
        private Instant validUntil = Instant.MAX;

        Verification(Quote quote, Collateral collateral, Instant now) {
            this.quote = quote;
            this.collateral = collateral;
            this.now = now;
        }

        Verdict verdict() throws AttestationException {
            List<X509Certificate> pckChain = Certificates.chain(quote.pckChain(), 3, "the quote's certificate chain");
            X509Certificate root = pckChain.getLast();
            TrustAnchor anchor = anchor(root);
            RevocationList rootList = RevocationList.verified(collateral.rootCrl(), root, now);
            rootList.refuse(root, Reason.ISSUER_REVOKED);
            until(rootList.nextUpdate());
            PckCertificate platform = platform(pckChain, rootList);
            TcbInfo tcbInfo = tcbInfo(root, rootList);
            QeIdentity qeIdentity = qeIdentity(root, rootList);
            match(tcbInfo, qeIdentity, platform);
            verifySignatures(platform);
            SvnLevel qe = qeIdentity.check(quote.qeReport());
            TcbEvaluation tcb = quote.body() instanceof TdReport report
                    ? TcbEvaluation.tdx(tcbInfo, platform, qe, report) : TcbEvaluation.sgx(tcbInfo, platform, qe);
            return new Verdict(quote, anchor, platform, tcb.status(), tcb.platformStatus(), qe.status(), tcb.moduleStatus(), tcb.advisories(),
                    tcb.levelDate(), Math.min(tcbInfo.evaluation(), qeIdentity.evaluation()), now, validUntil);
        }

        private TrustAnchor anchor(X509Certificate root) throws AttestationException {
            Certificates.check(root, root, true, now);
            until(root.getNotAfter().toInstant());
            TrustAnchor anchor = anchors.stream().filter(one -> one.isKey(root.getPublicKey())).findFirst()
                    .orElseThrow(() -> new AttestationException(Reason.ROOT_UNTRUSTED, Certificates.name(root) + " is no trusted root"));
            if (anchor.kind() == TrustAnchor.Kind.SIMULATION && !allowSimulation) {
                throw new AttestationException(Reason.SIMULATION_REFUSED,
                        "the quote comes from a simulated platform, which proves nothing; simulation was not allowed");
            }
            return anchor;
        }

        private PckCertificate platform(List<X509Certificate> chain, RevocationList rootList) throws AttestationException {
            X509Certificate authority = chain.get(1);
            X509Certificate leaf = chain.getFirst();
            Certificates.check(authority, chain.getLast(), true, now);
            named(authority, "SGX PCK P");
            rootList.refuse(authority, Reason.ISSUER_REVOKED);
            Certificates.check(leaf, authority, false, now);
            named(leaf, "SGX PCK Certificate");
            RevocationList list = RevocationList.verified(collateral.pckCrl(), authority, now);
            list.refuse(leaf, Reason.PCK_REVOKED);
            until(list.nextUpdate(), authority.getNotAfter().toInstant(), leaf.getNotAfter().toInstant());
            return PckCertificate.of(leaf);
        }

        private TcbInfo tcbInfo(X509Certificate root, RevocationList rootList) throws AttestationException {
            PublicKey signer = signer(collateral.tcbInfoChain(), "the TCB information's certificate chain", root, rootList);
            if (!collateral.tcbInfo().isSignedBy(signer)) {
                throw new AttestationException(Reason.TCB_INFO_SIGNATURE_INVALID, "the TCB information is not signed by its signer");
            }
            TcbInfo info = TcbInfo.parse(collateral.tcbInfo().body());
            checkTime(info.issued(), info.nextUpdate(), Reason.TCB_INFO_EXPIRED, "the TCB information");
            return info;
        }

        private QeIdentity qeIdentity(X509Certificate root, RevocationList rootList) throws AttestationException {
            PublicKey signer = signer(collateral.qeIdentityChain(), "the QE identity's certificate chain", root, rootList);
            if (!collateral.qeIdentity().isSignedBy(signer)) {
                throw new AttestationException(Reason.QE_IDENTITY_SIGNATURE_INVALID, "the QE identity is not signed by its signer");
            }
            QeIdentity identity = QeIdentity.parse(collateral.qeIdentity().body());
            checkTime(identity.issued(), identity.nextUpdate(), Reason.QE_IDENTITY_EXPIRED, "the QE identity");
            return identity;
        }

        /** The key that signs documents; its chain must end in the same root as the quote's. */
        private PublicKey signer(Bytes pem, String what, X509Certificate root, RevocationList rootList) throws AttestationException {
            List<X509Certificate> chain = Certificates.chain(pem, 2, what);
            X509Certificate signer = chain.getFirst();
            if (!chain.getLast().equals(root)) {
                throw new AttestationException(Reason.ROOT_UNTRUSTED, what + " does not end in the quote's root");
            }
            Certificates.check(signer, root, false, now);
            named(signer, "SGX TCB Signing");
            rootList.refuse(signer, Reason.ISSUER_REVOKED);
            until(signer.getNotAfter().toInstant());
            return signer.getPublicKey();
        }

        /** A root certifies several kinds of keys, and the name tells what a key is for: CAs are "PCK Processor CA" and "PCK Platform CA". */
        private static void named(X509Certificate certificate, String role) throws AttestationException {
            if (!Certificates.commonName(certificate.getSubjectX500Principal()).contains(role)) {
                throw new AttestationException(Reason.CERTIFICATE_INVALID, Certificates.name(certificate) + " is no \"" + role + "\"");
            }
        }

        private void checkTime(Instant issued, Instant nextUpdate, Reason expired, String what) throws AttestationException {
            if (now.isBefore(issued)) {
                throw new AttestationException(Reason.NOT_YET_VALID, what + " is not valid before " + issued);
            }
            if (now.isAfter(nextUpdate)) {
                throw new AttestationException(expired, what + " expired at " + nextUpdate);
            }
            until(nextUpdate);
        }

        private void match(TcbInfo info, QeIdentity qe, PckCertificate platform) throws AttestationException {
            TeeType tee = quote.header().tee();
            if (info.tee() != tee) {
                throw new AttestationException(Reason.TCB_INFO_MISMATCH, "the TCB information is for " + info.tee() + ", the quote for " + tee);
            }
            if (!info.fmspc().equals(platform.fmspc()) || !info.pceId().equals(platform.pceId())) {
                throw new AttestationException(Reason.TCB_INFO_MISMATCH, "the TCB information is for platforms " + info.fmspc() + ", PCE "
                        + info.pceId() + ", the quote from " + platform.fmspc() + ", PCE " + platform.pceId());
            }
            if (qe.tee() != tee) {
                throw new AttestationException(Reason.QE_IDENTITY_MISMATCH, "the QE identity is for " + qe.tee() + ", the quote for " + tee);
            }
        }

        private void verifySignatures(PckCertificate platform) throws AttestationException {
            if (!P256.verifies(platform.key(), quote.qeReportBytes().toArray(), quote.qeReportSignature())) {
                throw new AttestationException(Reason.QE_REPORT_SIGNATURE_INVALID, "the quoting enclave's report is not signed by the platform");
            }
            Bytes binding = Bytes.sha256(quote.attestationKey().concat(quote.qeAuthData()).toArray()).concat(Bytes.zeros(32));
            if (!quote.qeReport().reportData().equals(binding)) {
                throw new AttestationException(Reason.ATTESTATION_KEY_UNBOUND, "the quoting enclave's report is not about the attestation key");
            }
            try {
                if (P256.verifies(P256.publicKey(quote.attestationKey()), quote.signed().toArray(), quote.signature())) {
                    return;
                }
            } catch (GeneralSecurityException e) {
                // No key, no signature.
            }
            throw new AttestationException(Reason.QUOTE_SIGNATURE_INVALID, "the quote is not signed by its attestation key");
        }

        private void until(Instant... ends) {
            validUntil = Stream.concat(Stream.of(validUntil), Arrays.stream(ends)).min(Comparator.naturalOrder()).orElseThrow();
        }
    }
}
