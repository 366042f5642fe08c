package io.scwatcher.attestation.policy;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.Reason;
import io.scwatcher.attestation.dcap.TcbStatus;
import io.scwatcher.attestation.dcap.Verdict;
import io.scwatcher.attestation.quote.EnclaveReport;
import java.util.EnumSet;
import java.util.Set;

/**
 * Which enclaves on which platforms are good enough. Nothing is left open by omission: a builder refuses to build until each
 * requirement is given, be it as {@link Requirement#any}. What MRENCLAVE covers differs between runtimes, so that there is a policy for each.
 *
 * @param mrEnclave 32 bytes
 * @param mrSigner 32 bytes
 * @param productId ISVPRODID, 16 bits
 * @param minimumSvn the least ISVSVN; of several values, the least one counts
 * @param bundle SHA-256 of the tools' bundle, which comes from the claims
 * @param configuration SHA-256 of the enclave's configuration, which comes from the claims
 * @param statuses what the platform's status may be; never REVOKED
 * @param minimumEvaluation the vendor's evaluation that collateral must know at least, so that nobody can bring older collateral
 *     than that; 0 for any
 * @param allowDebug whether an enclave may be one that the host can read; those of an allowed simulation always are
 */
public record Policy(Requirement<Bytes> mrEnclave, Requirement<Bytes> mrSigner, Requirement<Integer> productId,
        Requirement<Integer> minimumSvn, Requirement<Bytes> bundle, Requirement<Bytes> configuration, Set<TcbStatus> statuses, int minimumEvaluation, boolean allowDebug) {
    public Policy {
        statuses = Set.copyOf(statuses);
        if (statuses.contains(TcbStatus.REVOKED)) {
            throw new IllegalArgumentException("a revoked platform cannot be accepted");
        }
    }

    public static Builder builder() {
        return new Builder();
    }

    /**
     * @param claimedBundle the digest that the quote's claims have; null if they have none, or there are no claims
     * @param claimedConfiguration likewise
     * @throws AttestationException one of the reasons that end in REFUSED
     */
    public void check(Verdict verdict, Bytes claimedBundle, Bytes claimedConfiguration) throws AttestationException {
        require(statuses.contains(verdict.status()), Reason.TCB_STATUS_REFUSED, "the platform's status is " + verdict.status()
                + (verdict.advisories().isEmpty() ? "" : " (" + String.join(", ", verdict.advisories()) + ")"));
        require(verdict.evaluation() >= minimumEvaluation, Reason.TCB_EVALUATION_REFUSED,
                "the collateral knows evaluation " + verdict.evaluation() + ", the policy demands " + minimumEvaluation);
        require(allowDebug || verdict.isSimulated() || !verdict.quote().body().debug(), Reason.DEBUG_REFUSED,
                "the enclave is a debug enclave, which the host can read");
        if (verdict.quote().body() instanceof EnclaveReport report) {
            check(report);
        } else {
            require(mrEnclave.isAny() && mrSigner.isAny() && productId.isAny() && minimumSvn.isAny(), Reason.TEE_REFUSED,
                    "the policy is for SGX enclaves, the quote is about a trust domain");
        }
        checkClaims(claimedBundle, claimedConfiguration);
    }

    /** What evidence without a quote can fulfil, too. */
    public void checkClaims(Bytes claimedBundle, Bytes claimedConfiguration) throws AttestationException {
        require(bundle.accepts(claimedBundle), Reason.BUNDLE_REFUSED,
                "the claimed bundle is " + (claimedBundle == null ? "none" : claimedBundle) + ", which the policy does not accept");
        require(configuration.accepts(claimedConfiguration), Reason.CONFIGURATION_REFUSED, "the claimed configuration is "
                + (claimedConfiguration == null ? "none" : claimedConfiguration) + ", which the policy does not accept");
    }

    private void check(EnclaveReport report) throws AttestationException {
        require(mrEnclave.accepts(report.mrEnclave()), Reason.MRENCLAVE_REFUSED,
                "MRENCLAVE is " + report.mrEnclave() + ", which the policy does not accept");
        require(mrSigner.accepts(report.mrSigner()), Reason.MRSIGNER_REFUSED,
                "MRSIGNER is " + report.mrSigner() + ", which the policy does not accept");
        require(productId.accepts(report.isvProductId()), Reason.PRODUCT_REFUSED,
                "the product id is " + report.isvProductId() + ", which the policy does not accept");
        require(switch (minimumSvn) {
            case Requirement.Any<Integer> _ -> true;
            case Requirement.OneOf<Integer>(Set<Integer> values) -> values.stream().anyMatch(minimum -> report.isvSvn() >= minimum);
        }, Reason.SVN_REFUSED, "the enclave's security version is " + report.isvSvn() + ", which is below the policy's");
    }

    private static void require(boolean fulfilled, Reason reason, String otherwise) throws AttestationException {
        if (!fulfilled) {
            throw new AttestationException(reason, otherwise);
        }
    }

    /** Collects requirements. Without {@link #statuses} a platform must be UP_TO_DATE; debug enclaves are refused. */
    public static final class Builder {
        private Requirement<Bytes> mrEnclave;
        private Requirement<Bytes> mrSigner;
        private Requirement<Integer> productId;
        private Requirement<Integer> minimumSvn;
        private Requirement<Bytes> bundle;
        private Requirement<Bytes> configuration;
        private Set<TcbStatus> statuses = EnumSet.of(TcbStatus.UP_TO_DATE);
        private int minimumEvaluation;
        private boolean allowDebug;

        private Builder() {}

        public Builder mrEnclave(Requirement<Bytes> requirement) {
            mrEnclave = requirement;
            return this;
        }

        public Builder mrSigner(Requirement<Bytes> requirement) {
            mrSigner = requirement;
            return this;
        }

        public Builder productId(Requirement<Integer> requirement) {
            productId = requirement;
            return this;
        }

        public Builder minimumSvn(Requirement<Integer> requirement) {
            minimumSvn = requirement;
            return this;
        }

        public Builder bundle(Requirement<Bytes> requirement) {
            bundle = requirement;
            return this;
        }

        public Builder configuration(Requirement<Bytes> requirement) {
            configuration = requirement;
            return this;
        }

        public Builder statuses(Set<TcbStatus> accepted) {
            statuses = accepted;
            return this;
        }

        public Builder minimumEvaluation(int evaluation) {
            minimumEvaluation = evaluation;
            return this;
        }

        public Builder allowDebug(boolean allow) {
            allowDebug = allow;
            return this;
        }

        /** @throws IllegalStateException if a requirement was not given */
        public Policy build() {
            if (mrEnclave == null || mrSigner == null || productId == null || minimumSvn == null || bundle == null || configuration == null) {
                throw new IllegalStateException("MRENCLAVE, MRSIGNER, product, minimum SVN, bundle and configuration must each be given, or be any");
            }
            return new Policy(mrEnclave, mrSigner, productId, minimumSvn, bundle, configuration, statuses, minimumEvaluation, allowDebug);
        }
    }
}
