package io.scwatcher.attestation.provider;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;

/**
 * Where an enclave's evidence comes from. Which one it is says the measured configuration; none is guessed, and none stands in for
 * another that fails. Implementations are thread-safe.
 */
public interface QuoteProvider {
    /** Length of what a quote is asked to be about. */
    int REPORT_DATA_LENGTH = 64;

    /** The sources of evidence. */
    enum Kind {
        /** Gramine's files in /dev/attestation. */
        GRAMINE,
        /** Occlum's device /dev/sgx. */
        OCCLUM,
        /** A key and its certificate that a trusted service gives to enclaves which it attested, as SCONE's CAS does. */
        PROVISIONED,
        /** A platform in software. */
        SIMULATION;

        /** Whether evidence is a DCAP quote. A provisioned key's is a {@link ProvisionedStatement}. */
        public boolean isQuote() {
            return this != PROVISIONED;
        }
    }

    Kind kind();

    /**
     * Evidence about this enclave and the report data.
     *
     * @param reportData 64 bytes
     * @throws AttestationException PROVIDER_UNAVAILABLE or PROVIDER_FAILED
     */
    byte[] quote(Bytes reportData) throws AttestationException;

    /** The same bytes. */
    static Bytes checked(Bytes reportData) {
        if (reportData.length() != REPORT_DATA_LENGTH) {
            throw new IllegalArgumentException("report data of " + reportData.length() + " bytes instead of " + REPORT_DATA_LENGTH);
        }
        return reportData;
    }
}
