package io.scwatcher.attestation.dcap;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.Reason;
import io.scwatcher.attestation.quote.TdReport;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds the levels that a platform, its quoting enclave and its TDX module reach, and what they come to together (Intel's quote
 * verification library, checkTcbLevel, checkTdxModuleTcbStatus, checkForRelaunch).
 */
record TcbEvaluation(TcbStatus status, TcbStatus platformStatus, TcbStatus moduleStatus, List<String> advisories, Instant levelDate) {
    static TcbEvaluation sgx(TcbInfo info, PckCertificate platform, SvnLevel qe) throws AttestationException {
        TcbLevel level = platformLevel(info, platform);
        return new TcbEvaluation(level.status().with(qe.status()), level.status(), TcbStatus.UP_TO_DATE,
                union(level.advisories(), qe.advisories()), level.date());
    }

    static TcbEvaluation tdx(TcbInfo info, PckCertificate platform, SvnLevel qe, TdReport report) throws AttestationException {
        TcbLevel sgxLevel = platformLevel(info, platform);
        TcbLevel level = info.levels().stream()
                .filter(one -> one.reachedBy(platform) && one.reachedByDomain(report.teeTcbSvn())).findFirst()
                .orElseThrow(() -> notSupported("the trust domain's platform is below all levels that the TCB information lists"));
        int version = report.teeTcbSvn().get(1);
        TdxModule module = info.module(version);
        module.check(report);
        int isvSvn = report.teeTcbSvn().get(0);
        SvnLevel moduleLevel = version == 0 ? null : SvnLevel.reachedBy(isvSvn, module.levels())
                .orElseThrow(() -> notSupported("the TDX module's version " + isvSvn + " is below all that the TCB information lists"));
        TcbStatus moduleStatus = moduleLevel == null ? TcbStatus.UP_TO_DATE : moduleLevel.status();
        TcbStatus status = level.status().with(moduleStatus);
        if (status != TcbStatus.REVOKED && report.isVersion15() && qe.status() == TcbStatus.UP_TO_DATE && moduleStatus == TcbStatus.OUT_OF_DATE
                && status.isOutOfDate() && mayBeRelaunched(sgxLevel.status()) && isCurrent(info, report.teeTcbSvn2())) {
            status = sgxLevel.status().needsConfiguration() || status.needsConfiguration()
                    ? TcbStatus.TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED : TcbStatus.TD_RELAUNCH_ADVISED;
        }
        return new TcbEvaluation(status.with(qe.status()), level.status(), moduleStatus,
                union(level.advisories(), moduleLevel == null ? List.of() : moduleLevel.advisories(), qe.advisories()), level.date());
    }

    private static TcbLevel platformLevel(TcbInfo info, PckCertificate platform) throws AttestationException {
        return info.levels().stream().filter(level -> level.reachedBy(platform)).findFirst()
                .orElseThrow(() -> notSupported("the platform is below all levels that the TCB information lists"));
    }

    private static boolean mayBeRelaunched(TcbStatus sgx) {
        return switch (sgx) {
            case UP_TO_DATE, SW_HARDENING_NEEDED, CONFIGURATION_NEEDED, CONFIGURATION_AND_SW_HARDENING_NEEDED -> true;
            default -> false;
        };
    }

    /** Whether the TDX module that runs now, unlike the one that started the domain, reaches the highest level. */
    private static boolean isCurrent(TcbInfo info, Bytes teeTcbSvn2) throws AttestationException {
        Bytes highest = info.levels().getFirst().tdx();
        int version = teeTcbSvn2.get(1);
        int required = version == 0 ? highest.get(0) : info.module(version).levels().getFirst().isvSvn();
        return teeTcbSvn2.get(0) >= required && teeTcbSvn2.get(2) >= highest.get(2);
    }

    @SafeVarargs
    private static List<String> union(List<String>... lists) {
        Set<String> union = new LinkedHashSet<>();
        for (List<String> list : lists) {
            union.addAll(list);
        }
        return List.copyOf(union);
    }

    private static AttestationException notSupported(String why) {
        return new AttestationException(Reason.TCB_NOT_SUPPORTED, why);
    }
}
