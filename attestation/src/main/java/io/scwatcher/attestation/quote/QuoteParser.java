package io.scwatcher.attestation.quote;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.Reason;
import io.scwatcher.attestation.encoding.ByteReader;

/** Takes quotes apart. Every declared length must be exactly that of what is there. */
final class QuoteParser {
    /** Body types of version 5. */
    private static final int SGX_REPORT = 1;
    private static final int TD_REPORT_1_0 = 2;
    private static final int TD_REPORT_1_5 = 3;

    /** Types of certification data. */
    private static final int PCK_CHAIN = 5;
    private static final int QE_REPORT = 6;

    private final byte[] source;
    private final ByteReader reader;

    QuoteParser(byte[] source) {
        this.source = source;
        this.reader = reader(source, "the quote");
    }

    private static ByteReader reader(byte[] source, String what) {
        return new ByteReader(source, what, Reason.QUOTE_MALFORMED);
    }

    Quote parse() throws AttestationException {
        if (source.length > Quote.MAX_LENGTH) {
            throw reader.malformed("is longer than " + Quote.MAX_LENGTH + " bytes");
        }
        QuoteHeader header = header();
        QuoteBody body = header.version() == 5 ? typedBody(header.tee())
                : header.tee() == TeeType.SGX ? EnclaveReport.read(reader) : TdReport.read(reader, false);
        Bytes signed = Bytes.of(source).slice(0, reader.position());
        ByteReader data = reader(reader.bytes(reader.length32()).toArray(), "the quote's signature data");
        Bytes signature = data.bytes(64);
        Bytes attestationKey = data.bytes(64);
        ByteReader certified = header.version() == 3 ? data : reader(certification(data, QE_REPORT).toArray(), "the quote's QE report data");
        Bytes qeReport = certified.bytes(EnclaveReport.LENGTH);
        Bytes qeReportSignature = certified.bytes(64);
        Bytes qeAuthData = certified.bytes(certified.u16());
        Bytes pckChain = certification(certified, PCK_CHAIN);
        certified.end();
        data.end();
        int padding = reader.remaining();
        if (!reader.bytes(padding).isZero()) {
            throw reader.malformed("is followed by " + padding + " bytes that are not its own");
        }
        return new Quote(header, body, signed, signature, attestationKey, EnclaveReport.read(reader(qeReport.toArray(), "the QE report")),
                qeReport, qeReportSignature, qeAuthData, pckChain, padding);
    }

    private QuoteHeader header() throws AttestationException {
        int version = reader.u16();
        if (version < 3 || version > 5) {
            throw unsupported("version " + version);
        }
        int keyType = reader.u16();
        if (keyType != QuoteHeader.ECDSA_P256) {
            throw unsupported("attestation keys of type " + keyType);
        }
        TeeType tee = tee(reader.u32(), version);
        int qeSvn = reader.u16();
        int pceSvn = reader.u16();
        if (version > 3 && (qeSvn | pceSvn) != 0) {
            throw reader.malformed("has a reserved field at 8 that is not zero");
        }
        Bytes vendor = reader.bytes(16);
        if (!vendor.equals(QuoteHeader.INTEL_QE)) {
            throw unsupported("the quoting enclave of vendor " + vendor);
        }
        return new QuoteHeader(version, keyType, tee, qeSvn, pceSvn, vendor, reader.bytes(20));
    }

    private TeeType tee(long code, int version) throws AttestationException {
        if (version == 3 && code != TeeType.SGX.code()) {
            throw reader.malformed("has a reserved field at 4 that is not zero");
        }
        for (TeeType type : TeeType.values()) {
            if (type.code() == code) {
                return type;
            }
        }
        throw unsupported("TEE type 0x" + Long.toHexString(code));
    }

    private QuoteBody typedBody(TeeType tee) throws AttestationException {
        int type = reader.u16();
        long length = reader.u32();
        int expected = switch (type) {
            case SGX_REPORT -> EnclaveReport.LENGTH;
            case TD_REPORT_1_0 -> TdReport.LENGTH_1_0;
            case TD_REPORT_1_5 -> TdReport.LENGTH_1_5;
            default -> throw unsupported("bodies of type " + type);
        };
        if (length != expected) {
            throw reader.malformed("declares a body of " + length + " bytes where its type has " + expected);
        }
        if (tee == TeeType.SGX != (type == SGX_REPORT)) {
            throw reader.malformed("has a body of type " + type + " for " + tee);
        }
        return type == SGX_REPORT ? EnclaveReport.read(reader) : TdReport.read(reader, type == TD_REPORT_1_5);
    }

    private static Bytes certification(ByteReader from, int expected) throws AttestationException {
        int type = from.u16();
        if (type != expected) {
            throw unsupported("certification data of type " + type + " where " + expected + " belongs");
        }
        return from.bytes(from.length32());
    }

    private static AttestationException unsupported(String what) {
        return new AttestationException(Reason.QUOTE_UNSUPPORTED, "quotes with " + what + " are not supported");
    }
}
