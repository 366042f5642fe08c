package io.scwatcher.attestation.dcap;

import static io.scwatcher.attestation.Fixtures.ENCLAVE;
import static io.scwatcher.attestation.Fixtures.NOW;
import static io.scwatcher.attestation.Fixtures.PLATFORM;
import static io.scwatcher.attestation.Fixtures.REPORT_DATA;
import static io.scwatcher.attestation.Fixtures.clock;
import static io.scwatcher.attestation.Fixtures.refusal;
import static io.scwatcher.attestation.Fixtures.verifier;
import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Fixtures;
import io.scwatcher.attestation.Reason;
import io.scwatcher.attestation.quote.EnclaveReport;
import io.scwatcher.attestation.simulation.SimulatedPlatform;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The verifier on quotes of the simulated platform, which take the same path as any other. */
class DcapVerifierTest {
    private static byte[] quote() throws AttestationException {
        return PLATFORM.quote(ENCLAVE, REPORT_DATA);
    }

    private static Collateral collateral() throws AttestationException {
        return PLATFORM.collateral().build();
    }

    @Test
    void aGoodQuoteIsAcceptedWithAllThatItSays() throws AttestationException {
        Verdict verdict = verifier().verify(quote(), collateral());
        assertThat(verdict.status()).isEqualTo(TcbStatus.UP_TO_DATE);
        assertThat(verdict.advisories()).isEmpty();
        assertThat(verdict.isSimulated()).isTrue();
        assertThat(verdict.evaluation()).isEqualTo(17);
        assertThat(verdict.verifiedAt()).isEqualTo(NOW);
        assertThat(verdict.validUntil()).isBetween(NOW.plus(Duration.ofDays(29)), NOW.plus(Duration.ofDays(30)));
        EnclaveReport report = (EnclaveReport) verdict.quote().body();
        assertThat(report.mrEnclave()).isEqualTo(ENCLAVE.mrEnclave());
        assertThat(report.mrSigner()).isEqualTo(ENCLAVE.mrSigner());
        assertThat(report.isvProductId()).isEqualTo(7);
        assertThat(report.isvSvn()).isEqualTo(3);
        assertThat(report.reportData()).isEqualTo(REPORT_DATA);
        assertThat(report.debug()).isTrue();
    }

    @Test
    void collateralSurvivesItsFile() throws AttestationException {
        Collateral collateral = collateral();
        assertThat(Collateral.parse(collateral.toJson())).isEqualTo(collateral);
    }

    @Test
    void aSimulatedPlatformCountsOnlyWhereSimulationIsAllowed() throws AttestationException {
        Collateral collateral = collateral();
        byte[] quote = quote();
        assertThat(refusal(() -> new DcapVerifier(List.of(PLATFORM.anchor()), false, clock(NOW)).verify(quote, collateral)))
                .isEqualTo(Reason.SIMULATION_REFUSED);
        assertThat(refusal(() -> new DcapVerifier(List.of(TrustAnchor.INTEL), true, clock(NOW)).verify(quote, collateral)))
                .isEqualTo(Reason.ROOT_UNTRUSTED);
        assertThat(refusal(() -> DcapVerifier.intel(clock(NOW)).verify(quote, collateral))).isEqualTo(Reason.ROOT_UNTRUSTED);
    }

    @Test
    void anotherPlatformsQuoteAndCollateralAreRefused() throws AttestationException {
        SimulatedPlatform rogue = Fixtures.platform(NOW);
        byte[] foreign = rogue.quote(ENCLAVE, REPORT_DATA);
        Collateral theirs = rogue.collateral().build();
        Collateral ours = collateral();
        assertThat(refusal(() -> verifier().verify(foreign, theirs))).isEqualTo(Reason.ROOT_UNTRUSTED);
        assertThat(refusal(() -> verifier().verify(foreign, ours))).isEqualTo(Reason.ROOT_UNTRUSTED);
        assertThat(refusal(() -> verifier().verify(quote(), theirs))).isEqualTo(Reason.CRL_INVALID);
        assertThat(refusal(() -> verifier().verify(quote(), new Collateral(theirs.tcbInfo(), theirs.tcbInfoChain(), ours.qeIdentity(),
                ours.qeIdentityChain(), ours.rootCrl(), ours.pckCrl())))).isEqualTo(Reason.ROOT_UNTRUSTED);
        assertThat(refusal(() -> verifier().verify(quote(), new Collateral(theirs.tcbInfo(), ours.tcbInfoChain(), ours.qeIdentity(),
                ours.qeIdentityChain(), ours.rootCrl(), ours.pckCrl())))).isEqualTo(Reason.TCB_INFO_SIGNATURE_INVALID);
        assertThat(refusal(() -> verifier().verify(quote(), new Collateral(ours.tcbInfo(), ours.tcbInfoChain(), theirs.qeIdentity(),
                ours.qeIdentityChain(), ours.rootCrl(), ours.pckCrl())))).isEqualTo(Reason.QE_IDENTITY_SIGNATURE_INVALID);
        assertThat(refusal(() -> verifier().verify(quote(), new Collateral(ours.tcbInfo(), ours.tcbInfoChain(), ours.qeIdentity(),
                ours.qeIdentityChain(), ours.rootCrl(), theirs.pckCrl())))).isEqualTo(Reason.CRL_INVALID);
    }

    @Test
    void documentsAndListsDoNotStandForEachOther() throws AttestationException {
        Collateral ours = collateral();
        assertThat(refusal(() -> verifier().verify(quote(), new Collateral(ours.qeIdentity(), ours.tcbInfoChain(), ours.tcbInfo(),
                ours.qeIdentityChain(), ours.rootCrl(), ours.pckCrl())))).isEqualTo(Reason.TCB_INFO_MALFORMED);
        assertThat(refusal(() -> verifier().verify(quote(), new Collateral(ours.tcbInfo(), ours.tcbInfoChain(), ours.tcbInfo(),
                ours.qeIdentityChain(), ours.rootCrl(), ours.pckCrl())))).isEqualTo(Reason.QE_IDENTITY_MALFORMED);
        assertThat(refusal(() -> verifier().verify(quote(), new Collateral(ours.tcbInfo(), ours.tcbInfoChain(), ours.qeIdentity(),
                ours.qeIdentityChain(), ours.pckCrl(), ours.rootCrl())))).isEqualTo(Reason.CRL_INVALID);
    }

    @Test
    void theRevokedAreRefused() throws AttestationException {
        Collateral platform = PLATFORM.collateral().revokePlatform().build();
        assertThat(refusal(() -> verifier().verify(quote(), platform))).isEqualTo(Reason.PCK_REVOKED);
        Collateral authority = PLATFORM.collateral().revokePlatformAuthority().build();
        assertThat(refusal(() -> verifier().verify(quote(), authority))).isEqualTo(Reason.ISSUER_REVOKED);
        Collateral signer = PLATFORM.collateral().revokeTcbSigner().build();
        assertThat(refusal(() -> verifier().verify(quote(), signer))).isEqualTo(Reason.ISSUER_REVOKED);
    }

    @Test
    void whatIsOutOfDateAtTheClockIsRefused() throws AttestationException {
        Collateral fresh = collateral();
        assertThat(refusal(() -> verifier(NOW.plus(Duration.ofDays(29))).verify(quote(), fresh))).isNull();
        assertThat(refusal(() -> verifier(NOW.plus(Duration.ofDays(31))).verify(quote(), fresh))).isEqualTo(Reason.CRL_EXPIRED);
        assertThat(refusal(() -> verifier(NOW.plus(Duration.ofDays(4000))).verify(quote(), fresh))).isEqualTo(Reason.CERTIFICATE_EXPIRED);
        assertThat(refusal(() -> verifier(NOW.minus(Duration.ofDays(2))).verify(quote(), fresh))).isEqualTo(Reason.NOT_YET_VALID);
        assertThat(refusal(() -> verifier(NOW.minus(Duration.ofHours(1))).verify(quote(), fresh))).isEqualTo(Reason.NOT_YET_VALID);
        Collateral old = PLATFORM.collateral().issued(NOW.minus(Duration.ofDays(40))).build();
        Collateral future = PLATFORM.collateral().issued(NOW.plus(Duration.ofDays(1))).build();
        assertThat(refusal(() -> verifier().verify(quote(), replaceDocuments(fresh, old.tcbInfo(), fresh.qeIdentity()))))
                .isEqualTo(Reason.TCB_INFO_EXPIRED);
        assertThat(refusal(() -> verifier().verify(quote(), replaceDocuments(fresh, fresh.tcbInfo(), old.qeIdentity()))))
                .isEqualTo(Reason.QE_IDENTITY_EXPIRED);
        assertThat(refusal(() -> verifier().verify(quote(), replaceDocuments(fresh, future.tcbInfo(), fresh.qeIdentity()))))
                .isEqualTo(Reason.NOT_YET_VALID);
        assertThat(refusal(() -> verifier().verify(quote(), new Collateral(fresh.tcbInfo(), fresh.tcbInfoChain(), fresh.qeIdentity(),
                fresh.qeIdentityChain(), fresh.rootCrl(), old.pckCrl())))).isEqualTo(Reason.CRL_EXPIRED);
    }

    private static Collateral replaceDocuments(Collateral all, SignedDocument tcbInfo, SignedDocument qeIdentity) {
        return new Collateral(tcbInfo, all.tcbInfoChain(), qeIdentity, all.qeIdentityChain(), all.rootCrl(), all.pckCrl());
    }

    @Test
    void theStatusIsThatOfPlatformAndQuotingEnclave() throws AttestationException {
        Verdict verdict = verifier().verify(quote(), PLATFORM.collateral()
                .platformStatus(TcbStatus.CONFIGURATION_NEEDED, "INTEL-SA-00001", "INTEL-SA-00002")
                .quotingEnclaveStatus(TcbStatus.OUT_OF_DATE, "INTEL-SA-00002", "INTEL-SA-00003").build());
        assertThat(verdict.status()).isEqualTo(TcbStatus.OUT_OF_DATE_CONFIGURATION_NEEDED);
        assertThat(verdict.platformStatus()).isEqualTo(TcbStatus.CONFIGURATION_NEEDED);
        assertThat(verdict.qeStatus()).isEqualTo(TcbStatus.OUT_OF_DATE);
        assertThat(verdict.advisories()).containsExactly("INTEL-SA-00001", "INTEL-SA-00002", "INTEL-SA-00003");
        assertThat(verifier().verify(quote(), PLATFORM.collateral().platformStatus(TcbStatus.REVOKED).build()).status())
                .isEqualTo(TcbStatus.REVOKED);
        assertThat(verifier().verify(quote(), PLATFORM.collateral().quotingEnclaveStatus(TcbStatus.REVOKED).build()).status())
                .isEqualTo(TcbStatus.REVOKED);
    }

    /** Intel's quote verification library, convergeTcbStatusWithQeTcbStatus. */
    @Test
    void statusesConvergeAsInIntelsLibrary() {
        for (TcbStatus status : TcbStatus.values()) {
            assertThat(status.with(TcbStatus.UP_TO_DATE)).isEqualTo(status);
            assertThat(status.with(TcbStatus.REVOKED)).isEqualTo(TcbStatus.REVOKED);
            assertThat(status.with(TcbStatus.OUT_OF_DATE)).isEqualTo(switch (status) {
                case UP_TO_DATE, SW_HARDENING_NEEDED -> TcbStatus.OUT_OF_DATE;
                case CONFIGURATION_NEEDED, CONFIGURATION_AND_SW_HARDENING_NEEDED -> TcbStatus.OUT_OF_DATE_CONFIGURATION_NEEDED;
                default -> status;
            });
        }
    }
}
