package io.scwatcher.attestation;

/** Why evidence was refused. Programs decide by this, people read the message that comes with it. */
public enum Reason {
    /** Not a quote: a length, a reserved field or an encoding is wrong. */
    QUOTE_MALFORMED,
    /** A quote of a version, key type, TEE or kind of certification data that is not verified here. */
    QUOTE_UNSUPPORTED,
    /** The attestation key's signature is not over this header and report. */
    QUOTE_SIGNATURE_INVALID,
    /** The quoting enclave's report is not signed by the platform's PCK. */
    QE_REPORT_SIGNATURE_INVALID,
    /** The quoting enclave's report does not name this attestation key. */
    ATTESTATION_KEY_UNBOUND,

    CERTIFICATE_MALFORMED,
    /** A certificate that its issuer did not sign, or that may not be used so. */
    CERTIFICATE_INVALID,
    CERTIFICATE_EXPIRED,
    /** A certificate, revocation list or document of the future: a wrong clock, or a wrong issuer. */
    NOT_YET_VALID,
    /** The chain ends in a root that is no trust anchor here. */
    ROOT_UNTRUSTED,
    /** The quote comes from the simulation, which was not allowed. */
    SIMULATION_REFUSED,

    CRL_MALFORMED,
    CRL_INVALID,
    CRL_EXPIRED,
    PCK_REVOKED,
    /** The CA of the platform's certificate, or the signer of TCB information, is revoked. */
    ISSUER_REVOKED,

    /** A file or answer with collateral that cannot be read. */
    COLLATERAL_MALFORMED,
    TCB_INFO_MALFORMED,
    TCB_INFO_SIGNATURE_INVALID,
    TCB_INFO_EXPIRED,
    /** TCB information of another platform or TEE. */
    TCB_INFO_MISMATCH,
    QE_IDENTITY_MALFORMED,
    QE_IDENTITY_SIGNATURE_INVALID,
    QE_IDENTITY_EXPIRED,
    /** The quoting enclave is not the one that its vendor names. */
    QE_IDENTITY_MISMATCH,
    TDX_MODULE_MISMATCH,
    /** The platform is below all levels that its vendor lists. */
    TCB_NOT_SUPPORTED,

    /** The policy is about another TEE than the quote's. */
    TEE_REFUSED,
    TCB_STATUS_REFUSED,
    /** Collateral of an evaluation older than the policy demands. */
    TCB_EVALUATION_REFUSED,
    DEBUG_REFUSED,
    MRENCLAVE_REFUSED,
    MRSIGNER_REFUSED,
    PRODUCT_REFUSED,
    SVN_REFUSED,
    BUNDLE_REFUSED,
    CONFIGURATION_REFUSED,

    /** The enclave is good enough, but not for what it asks for: another VM, say, or one connection too many. */
    ACCESS_REFUSED,

    /** A certificate without evidence. */
    EVIDENCE_MISSING,
    EVIDENCE_MALFORMED,
    /** The quote is not about these claims. */
    CLAIMS_UNBOUND,
    /** The quote is not about this certificate's key. */
    KEY_UNBOUND,
    /** The claims have no nonce, or another than was asked for. */
    NONCE_MISMATCH,
    /** Evidence with a provisioned key that no trusted authority certified. */
    PROVISIONED_UNTRUSTED,

    /** Not a signed statement, or not in its one form. */
    STATEMENT_MALFORMED,
    /** The statement is not signed by the key that its evidence is about. */
    STATEMENT_SIGNATURE_INVALID,
    /** The statement is genuine, but about another VM or another kind of capture than is demanded. */
    STATEMENT_REFUSED,
    /** What was kept of the output is not what the statement is about. */
    OUTPUT_MISMATCH,

    /** What the configured source of quotes needs is not on this machine. */
    PROVIDER_UNAVAILABLE,
    /** The configured source of quotes failed. */
    PROVIDER_FAILED
}
