package io.scwatcher.attestation.policy;

import static io.scwatcher.attestation.Fixtures.ENCLAVE;
import static io.scwatcher.attestation.Fixtures.PLATFORM;
import static io.scwatcher.attestation.Fixtures.REPORT_DATA;
import static io.scwatcher.attestation.Fixtures.refusal;
import static io.scwatcher.attestation.Fixtures.verifier;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.Reason;
import io.scwatcher.attestation.dcap.TcbStatus;
import io.scwatcher.attestation.dcap.TrustAnchor;
import io.scwatcher.attestation.dcap.Verdict;
import io.scwatcher.attestation.quote.Quote;
import io.scwatcher.attestation.quote.TdReport;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class PolicyTest {
    private static final Bytes BUNDLE = Bytes.sha256(new byte[] {9});
    private static final Bytes CONFIGURATION = Bytes.sha256(new byte[] {11});
    private static final Bytes OTHER = Bytes.sha256(new byte[] {10});

    private final Verdict verdict = verdict();

    private static Verdict verdict() {
        try {
            return verifier().verify(PLATFORM.quote(ENCLAVE, REPORT_DATA), PLATFORM.collateral().build());
        } catch (AttestationException e) {
            throw new AssertionError(e);
        }
    }

    private static Policy.Builder exact() {
        return Policy.builder().mrEnclave(Requirement.is(ENCLAVE.mrEnclave())).mrSigner(Requirement.is(ENCLAVE.mrSigner()))
                .productId(Requirement.is(ENCLAVE.productId())).minimumSvn(Requirement.is(ENCLAVE.svn())).bundle(Requirement.is(BUNDLE))
                .configuration(Requirement.is(CONFIGURATION));
    }

    private Reason refused(UnaryOperator<Policy.Builder> change) {
        Policy policy = change.apply(exact()).build();
        return refusal(() -> policy.check(verdict, BUNDLE, CONFIGURATION));
    }

    @Test
    void eachRequirementRefusesByItsOwnReason() {
        assertThat(refused(policy -> policy)).isNull();
        assertThat(refused(policy -> policy.mrEnclave(Requirement.is(OTHER)))).isEqualTo(Reason.MRENCLAVE_REFUSED);
        assertThat(refused(policy -> policy.mrSigner(Requirement.is(OTHER)))).isEqualTo(Reason.MRSIGNER_REFUSED);
        assertThat(refused(policy -> policy.productId(Requirement.is(8)))).isEqualTo(Reason.PRODUCT_REFUSED);
        assertThat(refused(policy -> policy.minimumSvn(Requirement.is(4)))).isEqualTo(Reason.SVN_REFUSED);
        assertThat(refused(policy -> policy.minimumSvn(Requirement.is(2)))).isNull();
        assertThat(refused(policy -> policy.bundle(Requirement.is(OTHER)))).isEqualTo(Reason.BUNDLE_REFUSED);
        assertThat(refused(policy -> policy.configuration(Requirement.is(OTHER)))).isEqualTo(Reason.CONFIGURATION_REFUSED);
        assertThat(refused(policy -> policy.minimumEvaluation(18))).isEqualTo(Reason.TCB_EVALUATION_REFUSED);
        assertThat(refused(policy -> policy.statuses(Set.of(TcbStatus.OUT_OF_DATE)))).isEqualTo(Reason.TCB_STATUS_REFUSED);
        assertThat(refusal(() -> exact().build().check(verdict, null, CONFIGURATION))).isEqualTo(Reason.BUNDLE_REFUSED);
        assertThat(refusal(() -> exact().build().check(verdict, BUNDLE, null))).isEqualTo(Reason.CONFIGURATION_REFUSED);
        assertThat(refused(policy -> policy.mrEnclave(Requirement.is(OTHER, ENCLAVE.mrEnclave())))).isNull();
        assertThat(refused(policy -> policy.mrEnclave(Requirement.any()).mrSigner(Requirement.any()).productId(Requirement.any())
                .minimumSvn(Requirement.any()).bundle(Requirement.any()).configuration(Requirement.any()))).isNull();
    }

    @Test
    void nothingIsLeftOpenByOmission() {
        assertThatThrownBy(() -> Policy.builder().build()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> exact().bundle(null).build()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> exact().statuses(Set.of(TcbStatus.REVOKED)).build()).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Requirement.OneOf<>(Set.of())).isInstanceOf(IllegalArgumentException.class);
    }

    /** An enclave on a real processor under debug is no simulation, and allowed only by itself. */
    @Test
    void aDebugEnclaveIsRefusedUnlessItIsASimulatedOne() {
        Verdict real = with(verdict.quote(), TrustAnchor.INTEL);
        assertThat(refusal(() -> exact().build().check(real, BUNDLE, CONFIGURATION))).isEqualTo(Reason.DEBUG_REFUSED);
        assertThat(refusal(() -> exact().allowDebug(true).build().check(real, BUNDLE, CONFIGURATION))).isNull();
    }

    @Test
    void aPolicyForEnclavesRefusesTrustDomains() {
        Quote quote = verdict.quote();
        TdReport report = new TdReport(Bytes.zeros(16), Bytes.zeros(48), Bytes.zeros(48), Bytes.zeros(8), Bytes.zeros(8), Bytes.zeros(8),
                Bytes.zeros(48), Bytes.zeros(48), Bytes.zeros(48), Bytes.zeros(48), List.of(), REPORT_DATA, null, null);
        Verdict domain = with(new Quote(quote.header(), report, quote.signed(), quote.signature(), quote.attestationKey(), quote.qeReport(),
                quote.qeReportBytes(), quote.qeReportSignature(), quote.qeAuthData(), quote.pckChain(), 0), verdict.root());
        Policy.Builder any = Policy.builder().mrEnclave(Requirement.any()).mrSigner(Requirement.any()).productId(Requirement.any())
                .minimumSvn(Requirement.any()).bundle(Requirement.any()).configuration(Requirement.any());
        assertThat(refusal(() -> any.build().check(domain, null, null))).isNull();
        assertThat(refusal(() -> any.minimumSvn(Requirement.is(0)).build().check(domain, null, null))).isEqualTo(Reason.TEE_REFUSED);
    }

    private Verdict with(Quote quote, TrustAnchor root) {
        return new Verdict(quote, root, verdict.platform(), verdict.status(), verdict.platformStatus(), verdict.qeStatus(),
                verdict.moduleStatus(), verdict.advisories(), verdict.levelDate(), verdict.evaluation(), verdict.verifiedAt(), verdict.validUntil());
    }
}
