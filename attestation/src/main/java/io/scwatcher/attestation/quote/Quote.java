package io.scwatcher.attestation.quote;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;

/**
 * A DCAP quote of version 3, 4 or 5, taken apart; nothing of it is verified yet. Its bytes are the header, in version 5 the type
 * and the length of the body, the body, a length of 32 bits and the signature data.
 *
 * @param signed what the attestation key signs: all before the length of the signature data
 * @param signature 64 bytes: by the attestation key
 * @param attestationKey 64 bytes: the quoting enclave's P-256 key
 * @param qeReport the quoting enclave's own report
 * @param qeReportBytes the 384 bytes of that report that the PCK signs
 * @param qeReportSignature 64 bytes: by the platform's PCK
 * @param qeAuthData what the quoting enclave hashed together with the attestation key into its report
 * @param pckChain PEM: the platform's certificate, its CA, the root (certification data of type 5)
 * @param padding how many zeros follow, as buffers of a fixed size leave them
 */
public record Quote(QuoteHeader header, QuoteBody body, Bytes signed, Bytes signature, Bytes attestationKey, EnclaveReport qeReport,
        Bytes qeReportBytes, Bytes qeReportSignature, Bytes qeAuthData, Bytes pckChain, int padding) {
    /** No quote is longer; Intel's library bounds its own by 8 KiB. */
    public static final int MAX_LENGTH = 1 << 16;

    /**
     * @throws AttestationException QUOTE_MALFORMED or QUOTE_UNSUPPORTED
     */
    public static Quote parse(byte[] source) throws AttestationException {
        return new QuoteParser(source).parse();
    }
}
