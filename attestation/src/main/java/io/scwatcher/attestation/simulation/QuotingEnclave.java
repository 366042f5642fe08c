package io.scwatcher.attestation.simulation;

import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.encoding.P256;
import io.scwatcher.attestation.encoding.Pem;
import io.scwatcher.attestation.quote.EnclaveReport;
import io.scwatcher.attestation.quote.QuoteHeader;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;

/** What signs quotes: an enclave of the vendor on each platform, here in software (SGX DCAP ECDSA Quote Library API, "Quote Format"). */
final class QuotingEnclave {
    static final Bytes MR_SIGNER = Bytes.sha256("SCwatcher simulated quoting enclave".getBytes(StandardCharsets.UTF_8));
    static final int PRODUCT_ID = 1;
    static final int SVN = 8;

    private static final int PCK_CHAIN = 5;
    /** INIT, MODE64BIT and PROVISIONKEY; XFRM of x87, SSE and AVX. */
    private static final Bytes ATTRIBUTES = Bytes.ofHex("1500000000000000e700000000000000");
    /** Intel's quoting enclave has 32 bytes of authentication data, too. */
    private static final Bytes AUTH_DATA = Bytes.ofHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");

    private final PlatformKeys keys;

    QuotingEnclave(PlatformKeys keys) {
        this.keys = keys;
    }

    byte[] quote(EnclaveReport report) throws GeneralSecurityException {
        byte[] header = little(QuoteHeader.LENGTH).putShort((short) 3).putShort((short) QuoteHeader.ECDSA_P256).putInt(0)
                .putShort((short) SVN).putShort((short) SimulatedPlatform.PCE_SVN).put(QuoteHeader.INTEL_QE.toArray()).array();
        byte[] signed = Bytes.of(header).concat(Bytes.of(report.encode())).toArray();
        byte[] signature = signatureData(signed);
        return little(signed.length + 4 + signature.length).put(signed).putInt(signature.length).put(signature).array();
    }

    private byte[] signatureData(byte[] signed) throws GeneralSecurityException {
        Bytes attestationKey = P256.raw(keys.attestation().party().publicKey());
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        data.writeBytes(P256.sign(keys.attestation().party().privateKey(), signed).toArray());
        data.writeBytes(attestationKey.toArray());
        data.writeBytes(certified(attestationKey));
        return data.toByteArray();
    }

    /** From the quoting enclave's report on: the same in all versions of quotes. */
    byte[] certified(Bytes attestationKey) throws GeneralSecurityException {
        byte[] report = report(attestationKey).encode();
        byte[] chain = pckChain();
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        data.writeBytes(report);
        data.writeBytes(P256.sign(keys.platform().party().privateKey(), report).toArray());
        data.writeBytes(little(2).putShort((short) AUTH_DATA.length()).array());
        data.writeBytes(AUTH_DATA.toArray());
        data.writeBytes(little(6).putShort((short) PCK_CHAIN).putInt(chain.length).array());
        data.writeBytes(chain);
        return data.toByteArray();
    }

    private static EnclaveReport report(Bytes attestationKey) {
        Bytes binding = Bytes.sha256(attestationKey.concat(AUTH_DATA).toArray()).concat(Bytes.zeros(32));
        return new EnclaveReport(SimulatedPlatform.COMPONENTS, 0, Bytes.zeros(16), ATTRIBUTES,
                Bytes.sha256(MR_SIGNER.toArray()), MR_SIGNER, Bytes.zeros(64), PRODUCT_ID, SVN, 0, Bytes.zeros(16), binding);
    }

    /** Ends in NUL, as Intel's library leaves it. */
    private byte[] pckChain() throws GeneralSecurityException {
        StringBuilder chain = new StringBuilder();
        for (PlatformKeys.Holder one : List.of(keys.platform(), keys.authority(), keys.root())) {
            chain.append(Pem.certificate(one.certificate().getEncoded()));
        }
        return chain.append('\0').toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static ByteBuffer little(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }
}
