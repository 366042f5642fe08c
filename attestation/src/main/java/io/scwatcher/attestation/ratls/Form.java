package io.scwatcher.attestation.ratls;

/** How a certificate carries its evidence. */
public enum Form {
    /** Interoperable RA-TLS, with a quote and claims. */
    INTEROPERABLE,
    /** Gramine's older form: a quote about the key, without claims. */
    GRAMINE_LEGACY,
    /** Like the interoperable form, with a provisioned key's statement instead of a quote. */
    PROVISIONED;

    public boolean hasQuote() {
        return this != PROVISIONED;
    }
}
