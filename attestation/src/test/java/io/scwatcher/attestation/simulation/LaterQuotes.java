package io.scwatcher.attestation.simulation;

import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.encoding.P256;
import io.scwatcher.attestation.quote.EnclaveReport;
import io.scwatcher.attestation.quote.QuoteBody;
import io.scwatcher.attestation.quote.QuoteHeader;
import io.scwatcher.attestation.quote.TdReport;
import io.scwatcher.attestation.quote.TeeType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;

/** Quotes of versions 4 and 5 by a simulated platform, which makes only version 3 by itself. */
final class LaterQuotes {
    private LaterQuotes() {}

    static byte[] quote(SimulatedPlatform platform, int version, QuoteBody body) throws GeneralSecurityException {
        TeeType tee = body instanceof TdReport ? TeeType.TDX : TeeType.SGX;
        byte[] report = body.encode();
        ByteBuffer signed = little(QuoteHeader.LENGTH + (version == 5 ? 6 : 0) + report.length).putShort((short) version).putShort((short) 2)
                .putInt(tee.code()).putInt(0).put(QuoteHeader.INTEL_QE.toArray()).put(new byte[20]);
        if (version == 5) {
            signed.putShort((short) switch (body) {
                case EnclaveReport _ -> 1;
                case TdReport td -> td.isVersion15() ? 3 : 2;
            }).putInt(report.length);
        }
        signed.put(report);
        PlatformKeys keys = platform.keys();
        Bytes attestationKey = P256.raw(keys.attestation().party().publicKey());
        byte[] certified = new QuotingEnclave(keys).certified(attestationKey);
        int length = 64 + 64 + 6 + certified.length;
        return little(signed.capacity() + 4 + length).put(signed.array()).putInt(length)
                .put(P256.sign(keys.attestation().party().privateKey(), signed.array()).toArray()).put(attestationKey.toArray())
                .putShort((short) 6).putInt(certified.length).put(certified).array();
    }

    private static ByteBuffer little(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }
}
