package io.scwatcher.attestation.quote;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.encoding.ByteReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The report of an SGX enclave, 384 bytes (Intel SDM vol. 3D, REPORT; SGX DCAP ECDSA Quote Library API, "Enclave Report Body").
 * Reserved bytes at 20, 96, 160 and 262 must be zero.
 *
 * @param cpuSvn at 0, 16 bytes: the security versions of what the CPU runs, one in each byte
 * @param miscSelect at 16, 32 bits
 * @param isvExtProductId at 32, 16 bytes
 * @param attributes at 48, 16 bytes: FLAGS and XFRM, little-endian, 64 bits each
 * @param mrEnclave at 64, 32 bytes: the measurement of the enclave
 * @param mrSigner at 128, 32 bytes: SHA-256 of the key that signed the enclave
 * @param configId at 192, 64 bytes
 * @param isvProductId at 256, 16 bits
 * @param isvSvn at 258, 16 bits
 * @param configSvn at 260, 16 bits
 * @param isvFamilyId at 304, 16 bytes
 * @param reportData at 320, 64 bytes
 */
public record EnclaveReport(Bytes cpuSvn, int miscSelect, Bytes isvExtProductId, Bytes attributes, Bytes mrEnclave, Bytes mrSigner,
        Bytes configId, int isvProductId, int isvSvn, int configSvn, Bytes isvFamilyId, Bytes reportData) implements QuoteBody {
    public static final int LENGTH = 384;
    /** FLAGS.DEBUG in the first byte of the attributes. */
    public static final int DEBUG = 0x02;

    static EnclaveReport read(ByteReader from) throws AttestationException {
        Bytes cpuSvn = from.bytes(16);
        int miscSelect = (int) from.u32();
        from.reserved(12);
        Bytes isvExtProductId = from.bytes(16);
        Bytes attributes = from.bytes(16);
        Bytes mrEnclave = from.bytes(32);
        from.reserved(32);
        Bytes mrSigner = from.bytes(32);
        from.reserved(32);
        Bytes configId = from.bytes(64);
        int isvProductId = from.u16();
        int isvSvn = from.u16();
        int configSvn = from.u16();
        from.reserved(42);
        return new EnclaveReport(cpuSvn, miscSelect, isvExtProductId, attributes, mrEnclave, mrSigner, configId, isvProductId, isvSvn,
                configSvn, from.bytes(16), from.bytes(64));
    }

    @Override
    public boolean debug() {
        return (attributes.get(0) & DEBUG) != 0;
    }

    @Override
    public byte[] encode() {
        ByteBuffer report = ByteBuffer.allocate(LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        report.put(0, cpuSvn.toArray()).putInt(16, miscSelect).put(32, isvExtProductId.toArray()).put(48, attributes.toArray())
                .put(64, mrEnclave.toArray()).put(128, mrSigner.toArray()).put(192, configId.toArray())
                .putShort(256, (short) isvProductId).putShort(258, (short) isvSvn).putShort(260, (short) configSvn)
                .put(304, isvFamilyId.toArray()).put(320, reportData.toArray());
        return report.array();
    }
}
