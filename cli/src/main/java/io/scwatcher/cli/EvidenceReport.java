package io.scwatcher.cli;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.dcap.Verdict;
import io.scwatcher.attestation.provider.ProvisionedStatement;
import io.scwatcher.attestation.quote.EnclaveReport;
import io.scwatcher.attestation.quote.Quote;
import io.scwatcher.attestation.quote.TdReport;
import io.scwatcher.attestation.ratls.Claims;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What evidence says, as names and values (texts, numbers, booleans, lists, maps): for people a line each, for programs a JSON object. */
final class EvidenceReport {
    private final Map<String, Object> lines = new LinkedHashMap<>();

    EvidenceReport evidence(EvidenceFile file) throws AttestationException {
        if (file.certificate() != null) {
            lines.put("certificate", file.certificate().getSubjectX500Principal().getName());
            lines.put("form", file.evidence().form());
        }
        if (file.quote() != null) {
            quote(file.quote());
        } else {
            ProvisionedStatement statement = ProvisionedStatement.parse(file.evidence().statement());
            lines.put("provisionedBy", statement.chain().getFirst().getIssuerX500Principal().getName());
        }
        if (file.evidence() != null && file.evidence().claims() != null) {
            Map<String, String> claims = new LinkedHashMap<>();
            Claims.parse(file.evidence().claims()).values().forEach((name, value) -> claims.put(name, value.toString()));
            lines.put("claims", claims);
        }
        return this;
    }

    private void quote(Quote quote) {
        lines.put("quoteVersion", quote.header().version());
        lines.put("tee", quote.header().tee());
        lines.put("debug", quote.body().debug());
        switch (quote.body()) {
            case EnclaveReport report -> {
                put("mrEnclave", report.mrEnclave());
                put("mrSigner", report.mrSigner());
                lines.put("productId", report.isvProductId());
                lines.put("svn", report.isvSvn());
                put("attributes", report.attributes());
                lines.put("miscSelect", "%08x".formatted(report.miscSelect()));
                put("cpuSvn", report.cpuSvn());
                put("configId", report.configId());
                lines.put("configSvn", report.configSvn());
                put("familyId", report.isvFamilyId());
                put("extendedProductId", report.isvExtProductId());
            }
            case TdReport report -> {
                put("mrTd", report.mrTd());
                for (int i = 0; i < report.rtmr().size(); i++) {
                    put("rtmr" + i, report.rtmr().get(i));
                }
                put("tdAttributes", report.tdAttributes());
                put("xfam", report.xfam());
                put("mrConfigId", report.mrConfigId());
                put("mrOwner", report.mrOwner());
                put("mrOwnerConfig", report.mrOwnerConfig());
                put("mrSeam", report.mrSeam());
                put("mrSignerSeam", report.mrSignerSeam());
                put("seamAttributes", report.seamAttributes());
                put("teeTcbSvn", report.teeTcbSvn());
                if (report.isVersion15()) {
                    put("teeTcbSvn2", report.teeTcbSvn2());
                    put("mrServiceTd", report.mrServiceTd());
                }
            }
        }
        put("reportData", quote.body().reportData());
        lines.put("quotingEnclaveSvn", quote.qeReport().isvSvn());
        put("quotingEnclaveSigner", quote.qeReport().mrSigner());
    }

    EvidenceReport verdict(Verdict verdict) {
        lines.put("root", verdict.root().kind());
        lines.put("status", verdict.status().toString());
        lines.put("platformStatus", verdict.platformStatus().toString());
        lines.put("quotingEnclaveStatus", verdict.qeStatus().toString());
        if (verdict.quote().body() instanceof TdReport) {
            lines.put("tdxModuleStatus", verdict.moduleStatus().toString());
        }
        lines.put("advisories", verdict.advisories());
        lines.put("levelDate", verdict.levelDate().toString());
        lines.put("evaluation", verdict.evaluation());
        put("fmspc", verdict.platform().fmspc());
        lines.put("verifiedAt", verdict.verifiedAt().toString());
        lines.put("validUntil", verdict.validUntil().toString());
        return this;
    }

    EvidenceReport line(String name, Object value) {
        lines.put(name, value);
        return this;
    }

    /** A line for each. */
    EvidenceReport each(String name, List<String> values) {
        lines.put(name, new Several(values));
        return this;
    }

    private record Several(List<String> values) {}

    private void put(String name, Bytes value) {
        lines.put(name, value.toString());
    }

    void print(boolean json) {
        if (json) {
            Json.print(lines);
            return;
        }
        lines.forEach((name, value) -> {
            switch (value) {
                case Several several -> several.values.forEach(one -> printLine(name, one));
                case Map<?, ?> map -> map.forEach((key, part) -> printLine(name + " " + key, part));
                case List<?> list -> printLine(name, list.isEmpty() ? "none" : list.stream().map(String::valueOf).collect(Collectors.joining(", ")));
                default -> printLine(name, value);
            }
        });
    }

    private static void printLine(String name, Object value) {
        System.out.printf("%-22s %s%n", name, value);
    }
}
