package io.scwatcher.attestation.quote;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.encoding.ByteReader;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * The report of a TDX trust domain: 584 bytes for TDX 1.0, 648 for 1.5 (Intel TDX DCAP Quoting Library API, "TD Quote Body").
 *
 * @param teeTcbSvn at 0, 16 bytes: the security versions of the TDX module when the domain was started; [0] the module's ISVSVN,
 *     [1] its version, [2] the late microcode's
 * @param mrSeam at 16, 48 bytes: the measurement of the TDX module
 * @param mrSignerSeam at 64, 48 bytes: zero for Intel's module
 * @param seamAttributes at 112, 8 bytes
 * @param tdAttributes at 120, 8 bytes
 * @param xfam at 128, 8 bytes
 * @param mrTd at 136, 48 bytes: the measurement of the domain's first contents
 * @param mrConfigId at 184, 48 bytes
 * @param mrOwner at 232, 48 bytes
 * @param mrOwnerConfig at 280, 48 bytes
 * @param rtmr at 328, four of 48 bytes: measurements that the domain extends as it runs
 * @param reportData at 520, 64 bytes
 * @param teeTcbSvn2 at 584, 16 bytes: the versions of the module that runs now; null for TDX 1.0
 * @param mrServiceTd at 600, 48 bytes; null for TDX 1.0
 */
public record TdReport(Bytes teeTcbSvn, Bytes mrSeam, Bytes mrSignerSeam, Bytes seamAttributes, Bytes tdAttributes, Bytes xfam, Bytes mrTd,
        Bytes mrConfigId, Bytes mrOwner, Bytes mrOwnerConfig, List<Bytes> rtmr, Bytes reportData, Bytes teeTcbSvn2, Bytes mrServiceTd)
        implements QuoteBody {
    public static final int LENGTH_1_0 = 584;
    public static final int LENGTH_1_5 = 648;
    /** TDX Module ABI, ATTRIBUTES.TUD: any of these bits puts the domain under debug. */
    private static final int TD_UNDER_DEBUG = 0xff;

    public TdReport {
        rtmr = List.copyOf(rtmr);
    }

    static TdReport read(ByteReader from, boolean version15) throws AttestationException {
        Bytes teeTcbSvn = from.bytes(16);
        Bytes mrSeam = from.bytes(48);
        Bytes mrSignerSeam = from.bytes(48);
        Bytes seamAttributes = from.bytes(8);
        Bytes tdAttributes = from.bytes(8);
        Bytes xfam = from.bytes(8);
        Bytes mrTd = from.bytes(48);
        Bytes mrConfigId = from.bytes(48);
        Bytes mrOwner = from.bytes(48);
        Bytes mrOwnerConfig = from.bytes(48);
        List<Bytes> rtmr = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            rtmr.add(from.bytes(48));
        }
        return new TdReport(teeTcbSvn, mrSeam, mrSignerSeam, seamAttributes, tdAttributes, xfam, mrTd, mrConfigId, mrOwner, mrOwnerConfig,
                rtmr, from.bytes(64), version15 ? from.bytes(16) : null, version15 ? from.bytes(48) : null);
    }

    public boolean isVersion15() {
        return teeTcbSvn2 != null;
    }

    @Override
    public boolean debug() {
        return (tdAttributes.get(0) & TD_UNDER_DEBUG) != 0;
    }

    @Override
    public byte[] encode() {
        ByteArrayOutputStream report = new ByteArrayOutputStream(LENGTH_1_5);
        for (Bytes field : List.of(teeTcbSvn, mrSeam, mrSignerSeam, seamAttributes, tdAttributes, xfam, mrTd, mrConfigId, mrOwner,
                mrOwnerConfig)) {
            report.writeBytes(field.toArray());
        }
        rtmr.forEach(one -> report.writeBytes(one.toArray()));
        report.writeBytes(reportData.toArray());
        if (isVersion15()) {
            report.writeBytes(teeTcbSvn2.toArray());
            report.writeBytes(mrServiceTd.toArray());
        }
        return report.toByteArray();
    }
}
