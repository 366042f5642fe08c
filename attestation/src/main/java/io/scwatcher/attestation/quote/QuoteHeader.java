package io.scwatcher.attestation.quote;

import io.scwatcher.attestation.Bytes;

/**
 * The first 48 bytes of a quote, little-endian (SGX DCAP ECDSA Quote Library API, "Quote Header"; TDX DCAP Quoting Library API).
 *
 * @param version at 0, 16 bits: 3, 4 or 5
 * @param attestationKeyType at 2, 16 bits: 2 is ECDSA with P-256
 * @param tee at 4, 32 bits; reserved and 0 in version 3
 * @param qeSvn at 8, 16 bits: the quoting enclave's ISVSVN in version 3, reserved and 0 later
 * @param pceSvn at 10, 16 bits: the provisioning certification enclave's in version 3, reserved and 0 later
 * @param qeVendorId at 12, 16 bytes
 * @param userData at 28, 20 bytes: the quoting enclave's own, in Intel's the platform's identifier
 */
public record QuoteHeader(int version, int attestationKeyType, TeeType tee, int qeSvn, int pceSvn, Bytes qeVendorId, Bytes userData) {
    public static final int LENGTH = 48;
    public static final int ECDSA_P256 = 2;
    public static final Bytes INTEL_QE = Bytes.ofHex("939a7233f79c4ca9940a0db3957f0607");
}
