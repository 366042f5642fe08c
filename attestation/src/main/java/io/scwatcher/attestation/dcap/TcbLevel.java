package io.scwatcher.attestation.dcap;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * What it means that a platform has at least these security versions.
 *
 * @param sgx 16 component SVNs
 * @param tdx 16 component SVNs of trust domains; null for SGX
 */
record TcbLevel(Bytes sgx, int pceSvn, Bytes tdx, Instant date, TcbStatus status, List<String> advisories) {
    private static final int COMPONENTS = 16;
    private static final int MAX_ADVISORIES = 256;

    /** The order in which levels are tried, whatever their order in the document (Intel's quote verification library, TcbLevel::operator>). */
    static final Comparator<TcbLevel> HIGHEST_FIRST = Comparator.<TcbLevel, byte[]>comparing(level -> level.sgx.toArray(), Arrays::compareUnsigned)
            .thenComparingInt(TcbLevel::pceSvn)
            .thenComparing(level -> level.tdx == null ? new byte[0] : level.tdx.toArray(), Arrays::compareUnsigned).reversed();

    static TcbLevel read(Json level, int version, boolean tdx) throws AttestationException {
        Json tcb = level.object("tcb");
        TcbStatus status = level.status("tcbStatus");
        if (status == TcbStatus.TD_RELAUNCH_ADVISED || status == TcbStatus.TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED) {
            throw level.wrong("tcbStatus", "is " + status + ", which no level can be");
        }
        return new TcbLevel(version == 2 ? numberedComponents(tcb) : components(tcb, "sgxtcbcomponents"), tcb.number("pcesvn", 0xffff),
                tdx ? components(tcb, "tdxtcbcomponents") : null, level.time("tcbDate"), status,
                level.texts("advisoryIDs", MAX_ADVISORIES));
    }

    private static Bytes numberedComponents(Json tcb) throws AttestationException {
        byte[] svns = new byte[COMPONENTS];
        for (int i = 0; i < COMPONENTS; i++) {
            svns[i] = (byte) tcb.number("sgxtcbcomp%02dsvn".formatted(i + 1), 0xff);
        }
        return Bytes.of(svns);
    }

    private static Bytes components(Json tcb, String name) throws AttestationException {
        byte[] svns = new byte[COMPONENTS];
        List<Json> components = tcb.objects(name, COMPONENTS, COMPONENTS);
        for (int i = 0; i < COMPONENTS; i++) {
            svns[i] = (byte) components.get(i).number("svn", 0xff);
        }
        return Bytes.of(svns);
    }

    boolean reachedBy(PckCertificate platform) {
        return platform.pceSvn() >= pceSvn && atLeast(platform.componentSvns(), sgx, 0);
    }

    /** @param teeTcbSvn where a module's version is given, [0] and [1] are judged by the module's identity instead */
    boolean reachedByDomain(Bytes teeTcbSvn) {
        return atLeast(teeTcbSvn, tdx, teeTcbSvn.get(1) > 0 ? 2 : 0);
    }

    private static boolean atLeast(Bytes svns, Bytes required, int from) {
        for (int i = from; i < COMPONENTS; i++) {
            if (svns.get(i) < required.get(i)) {
                return false;
            }
        }
        return true;
    }
}
