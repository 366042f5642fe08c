package io.scwatcher.attestation.dcap;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.Reason;
import io.scwatcher.attestation.quote.TeeType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What a vendor says about the platforms of one family (Intel's provisioning certification service, "TCB Info" version 2 and 3).
 *
 * @param fmspc 6 bytes: the family
 * @param pceId 2 bytes
 * @param evaluation counts the vendor's evaluations: later ones know of more weaknesses
 * @param levels the highest first
 * @param tdxModule of TDX 1.0; null for SGX
 * @param tdxModules by version; empty for SGX
 */
record TcbInfo(TeeType tee, int version, Instant issued, Instant nextUpdate, Bytes fmspc, Bytes pceId, int evaluation, List<TcbLevel> levels,
        TdxModule tdxModule, List<TdxModule> tdxModules) {
    private static final int MAX_LEVELS = 1024;
    private static final int MAX_MODULES = 256;

    static TcbInfo parse(Bytes document) throws AttestationException {
        Json json = Json.parse(document, "the TCB information", Reason.TCB_INFO_MALFORMED);
        int version = json.number("version", Integer.MAX_VALUE);
        if (version != 2 && version != 3) {
            throw json.wrong("version", "is " + version + "; 2 and 3 are supported");
        }
        TeeType tee = version == 2 ? TeeType.SGX : switch (json.text("id")) {
            case "SGX" -> TeeType.SGX;
            case "TDX" -> TeeType.TDX;
            default -> throw json.wrong("id", "is neither SGX nor TDX");
        };
        if (json.number("tcbType", Integer.MAX_VALUE) != 0) {
            throw json.wrong("tcbType", "is not 0");
        }
        boolean tdx = tee == TeeType.TDX;
        if (!tdx && (json.has("tdxModule") || json.has("tdxModuleIdentities"))) {
            throw json.wrong("tdxModule", "does not belong to SGX");
        }
        List<TcbLevel> levels = new ArrayList<>();
        for (Json level : json.objects("tcbLevels", 1, MAX_LEVELS)) {
            levels.add(TcbLevel.read(level, version, tdx));
        }
        levels.sort(TcbLevel.HIGHEST_FIRST);
        for (int i = 1; i < levels.size(); i++) {
            if (TcbLevel.HIGHEST_FIRST.compare(levels.get(i - 1), levels.get(i)) == 0) {
                throw json.wrong("tcbLevels", "has a level twice");
            }
        }
        List<TdxModule> modules = new ArrayList<>();
        if (tdx && json.has("tdxModuleIdentities")) {
            for (Json module : json.objects("tdxModuleIdentities", 1, MAX_MODULES)) {
                module.text("id");
                modules.add(TdxModule.read(module));
            }
        }
        return new TcbInfo(tee, version, json.time("issueDate"), json.time("nextUpdate"), json.hex("fmspc", 6), json.hex("pceId", 2),
                json.number("tcbEvaluationDataNumber", Integer.MAX_VALUE), levels, tdx ? TdxModule.read(json.object("tdxModule")) : null,
                modules);
    }

    /**
     * The identity that judges a TDX module.
     *
     * @param version of the module; 0 is TDX 1.0
     */
    TdxModule module(int version) throws AttestationException {
        if (version == 0) {
            return tdxModule;
        }
        return tdxModules.stream().filter(module -> module.isVersion(version)).findFirst()
                .orElseThrow(() -> new AttestationException(Reason.TDX_MODULE_MISMATCH,
                        "the TCB information knows no TDX module of version " + version));
    }
}
