package io.scwatcher.attestation.simulation;

import static io.scwatcher.attestation.Fixtures.PLATFORM;
import static io.scwatcher.attestation.Fixtures.REPORT_DATA;
import static io.scwatcher.attestation.Fixtures.refusal;
import static io.scwatcher.attestation.Fixtures.verifier;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.Fixtures;
import io.scwatcher.attestation.Reason;
import io.scwatcher.attestation.dcap.Collateral;
import io.scwatcher.attestation.dcap.TcbStatus;
import io.scwatcher.attestation.dcap.Verdict;
import io.scwatcher.attestation.quote.EnclaveReport;
import io.scwatcher.attestation.quote.Quote;
import io.scwatcher.attestation.quote.TdReport;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Trust domains and the later versions of quotes, with collateral that the simulated vendor signs. */
class TdxVerificationTest {
    private static final int MODULE_LATEST = 5;
    private static final int MODULE_OLD = 2;

    private final Map<String, Object> tcbInfo;
    private final Map<String, Object> qeIdentity;
    private final SimulatedCollateral collateral = PLATFORM.collateral();

    TdxVerificationTest() {
        tcbInfo = collateral.tcbInfo();
        tcbInfo.put("id", "TDX");
        tcbInfo.put("tdxModule", module(null));
        tcbInfo.put("tdxModuleIdentities", List.of(module("TDX_01", moduleLevel(MODULE_LATEST, "UpToDate"),
                moduleLevel(MODULE_OLD, "OutOfDate", "INTEL-SA-00002"),
                moduleLevel(1, "Revoked")), module("TDX_03", moduleLevel(MODULE_LATEST, "UpToDate"))));
        levels(level(7, "UpToDate"), level(4, "OutOfDate", "INTEL-SA-00001"));
        qeIdentity = collateral.qeIdentity();
        qeIdentity.put("id", "TD_QE");
    }

    @SafeVarargs
    private static Map<String, Object> module(String id, Map<String, Object>... levels) {
        Map<String, Object> module = new LinkedHashMap<>();
        if (id != null) {
            module.put("id", id);
            module.put("tcbLevels", List.of(levels));
        }
        module.put("mrsigner", "00".repeat(48));
        module.put("attributes", "00".repeat(8));
        module.put("attributesMask", "FF".repeat(8));
        return module;
    }

    private static Map<String, Object> moduleLevel(int svn, String status, String... advisories) {
        return Map.of("tcb", Map.of("isvsvn", svn), "tcbDate", "2026-01-01T00:00:00Z", "tcbStatus", status, "advisoryIDs", List.of(advisories));
    }

    @SafeVarargs
    private void levels(Map<String, Object>... levels) {
        tcbInfo.put("tcbLevels", List.of(levels));
    }

    /** A level for domains whose module and late microcode have at least this version. */
    private static Map<String, Object> level(int tdxSvn, String status, String... advisories) {
        return level(SimulatedPlatform.COMPONENTS, tdxSvn, status, advisories);
    }

    private static Map<String, Object> level(Bytes sgx, int tdxSvn, String status, String... advisories) {
        List<Map<String, Object>> tdx = new ArrayList<>();
        List<Map<String, Object>> components = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            tdx.add(Map.of("svn", i == 0 || i == 2 ? tdxSvn : 0));
            components.add(Map.of("svn", sgx.get(i)));
        }
        return Map.of("tcb", Map.of("sgxtcbcomponents", components, "pcesvn", SimulatedPlatform.PCE_SVN, "tdxtcbcomponents", tdx),
                "tcbDate", "2026-01-01T00:00:00Z", "tcbStatus", status, "advisoryIDs", List.of(advisories));
    }

    /** @param svn ISVSVN and version of the module, and the late microcode's */
    private static TdReport domain(int[] svn, int[] svn2) {
        return new TdReport(svns(svn), Bytes.zeros(48), Bytes.zeros(48), Bytes.zeros(8), Bytes.ofHex("0000001000000000"), Bytes.zeros(8),
                Bytes.sha256(new byte[0]).concat(Bytes.zeros(16)), Bytes.zeros(48), Bytes.zeros(48), Bytes.zeros(48),
                List.of(Bytes.zeros(48), Bytes.zeros(48), Bytes.zeros(48), Bytes.zeros(48)), REPORT_DATA, svn2 == null ? null : svns(svn2),
                svn2 == null ? null : Bytes.zeros(48));
    }

    private static Bytes svns(int... first) {
        return Bytes.of((byte) first[0], (byte) first[1], (byte) first[2]).concat(Bytes.zeros(13));
    }

    private Collateral collateral() throws GeneralSecurityException, JsonProcessingException {
        Collateral base = collateral.build();
        return new Collateral(collateral.signed(tcbInfo), base.tcbInfoChain(), collateral.signed(qeIdentity), base.qeIdentityChain(),
                base.rootCrl(), base.pckCrl());
    }

    private Verdict verify(int version, TdReport report) throws GeneralSecurityException, JsonProcessingException {
        return verifier().verify(LaterQuotes.quote(PLATFORM, version, report), collateral());
    }

    private TcbStatus status(TdReport report) throws GeneralSecurityException, JsonProcessingException {
        return verify(5, report).status();
    }

    @Test
    void allVersionsAndBodiesAreReadAndVerified() throws GeneralSecurityException, JsonProcessingException {
        EnclaveReport enclave = Fixtures.ENCLAVE.report(SimulatedPlatform.COMPONENTS, REPORT_DATA);
        for (int version = 4; version <= 5; version++) {
            assertThat(verifier().verify(LaterQuotes.quote(PLATFORM, version, enclave), PLATFORM.collateral().build()).quote().body())
                    .isEqualTo(enclave);
            TdReport domain = domain(new int[] {7, 0, 7}, null);
            assertThat(verify(version, domain).quote().body()).isEqualTo(domain);
        }
        TdReport later = domain(new int[] {7, 0, 7}, new int[] {7, 0, 7});
        assertThat(verify(5, later).quote().body()).isEqualTo(later);
    }

    @Test
    void everyFieldOfATrustDomainsQuoteIsProtected() throws GeneralSecurityException, JsonProcessingException {
        byte[] quote = LaterQuotes.quote(PLATFORM, 5, domain(new int[] {7, 0, 7}, new int[] {7, 0, 7}));
        Collateral good = collateral();
        int body = 48 + 6;
        for (int field : new int[] {0, 16, 64, 112, 120, 128, 136, 184, 232, 280, 328, 376, 424, 472, 520, 583, 584, 600, 647}) {
            byte[] changed = quote.clone();
            changed[body + field] ^= 0x10;
            assertThat(refusal(() -> verifier().verify(changed, good))).as("body at %d", field).isEqualTo(Reason.QUOTE_SIGNATURE_INVALID);
        }
        for (int field : new int[] {48, 50, 53, 8, 10}) {
            byte[] changed = quote.clone();
            changed[field] ^= 0x10;
            assertThat(refusal(() -> verifier().verify(changed, good))).as("%d", field).isIn(Reason.QUOTE_MALFORMED, Reason.QUOTE_UNSUPPORTED);
        }
    }

    @Test
    void collateralOfTheOtherTeeIsRefused() throws GeneralSecurityException, JsonProcessingException {
        byte[] domain = LaterQuotes.quote(PLATFORM, 4, domain(new int[] {7, 0, 7}, null));
        byte[] enclave = PLATFORM.quote(Fixtures.ENCLAVE, REPORT_DATA);
        Collateral tdx = collateral();
        Collateral sgx = PLATFORM.collateral().build();
        assertThat(refusal(() -> verifier().verify(domain, sgx))).isEqualTo(Reason.TCB_INFO_MISMATCH);
        assertThat(refusal(() -> verifier().verify(enclave, tdx))).isEqualTo(Reason.TCB_INFO_MISMATCH);
        assertThat(refusal(() -> verifier().verify(domain, new Collateral(tdx.tcbInfo(), tdx.tcbInfoChain(), sgx.qeIdentity(),
                sgx.qeIdentityChain(), tdx.rootCrl(), tdx.pckCrl())))).isEqualTo(Reason.QE_IDENTITY_MISMATCH);
        assertThat(refusal(() -> verifier().verify(enclave, new Collateral(sgx.tcbInfo(), sgx.tcbInfoChain(), tdx.qeIdentity(),
                tdx.qeIdentityChain(), tdx.rootCrl(), tdx.pckCrl())))).isEqualTo(Reason.QE_IDENTITY_MISMATCH);
    }

    @Test
    void levelsAreTakenHighestFirstWhateverTheirOrder() throws GeneralSecurityException, JsonProcessingException {
        assertThat(status(domain(new int[] {7, 0, 7}, null))).isEqualTo(TcbStatus.UP_TO_DATE);
        assertThat(status(domain(new int[] {6, 0, 7}, null))).isEqualTo(TcbStatus.OUT_OF_DATE);
        assertThat(verify(5, domain(new int[] {6, 0, 7}, null)).advisories()).containsExactly("INTEL-SA-00001");
        assertThat(refusal(() -> status(domain(new int[] {3, 0, 7}, null)))).isEqualTo(Reason.TCB_NOT_SUPPORTED);
        levels(level(4, "OutOfDate", "INTEL-SA-00001"), level(7, "UpToDate"));
        assertThat(status(domain(new int[] {7, 0, 7}, null))).isEqualTo(TcbStatus.UP_TO_DATE);
        levels(level(7, "UpToDate"), level(7, "OutOfDate"));
        assertThat(refusal(() -> status(domain(new int[] {7, 0, 7}, null)))).isEqualTo(Reason.TCB_INFO_MALFORMED);
    }

    @Test
    void modulesWithAVersionAreJudgedByTheirIdentity() throws GeneralSecurityException, JsonProcessingException {
        Verdict current = verify(5, domain(new int[] {MODULE_LATEST, 1, 7}, null));
        assertThat(current.status()).isEqualTo(TcbStatus.UP_TO_DATE);
        Verdict old = verify(5, domain(new int[] {MODULE_OLD, 1, 7}, null));
        assertThat(old.status()).isEqualTo(TcbStatus.OUT_OF_DATE);
        assertThat(old.platformStatus()).isEqualTo(TcbStatus.UP_TO_DATE);
        assertThat(old.moduleStatus()).isEqualTo(TcbStatus.OUT_OF_DATE);
        assertThat(old.advisories()).containsExactly("INTEL-SA-00002");
        assertThat(status(domain(new int[] {1, 1, 7}, null))).isEqualTo(TcbStatus.REVOKED);
        assertThat(refusal(() -> status(domain(new int[] {0, 1, 7}, null)))).isEqualTo(Reason.TCB_NOT_SUPPORTED);
        assertThat(refusal(() -> status(domain(new int[] {9, 2, 7}, null)))).isEqualTo(Reason.TDX_MODULE_MISMATCH);
        tcbInfo.remove("tdxModuleIdentities");
        assertThat(refusal(() -> status(domain(new int[] {9, 1, 7}, null)))).isEqualTo(Reason.TDX_MODULE_MISMATCH);
    }

    @Test
    void anotherModuleIsRefused() throws GeneralSecurityException {
        TdReport good = domain(new int[] {MODULE_LATEST, 1, 7}, null);
        Bytes one = Bytes.of((byte) 1);
        assertThat(refusal(() -> status(withModule(good, one.concat(Bytes.zeros(47)), Bytes.zeros(8))))).isEqualTo(Reason.TDX_MODULE_MISMATCH);
        assertThat(refusal(() -> status(withModule(good, Bytes.zeros(48), one.concat(Bytes.zeros(7)))))).isEqualTo(Reason.TDX_MODULE_MISMATCH);
    }

    private static TdReport withModule(TdReport r, Bytes signer, Bytes attributes) {
        return new TdReport(r.teeTcbSvn(), r.mrSeam(), signer, attributes, r.tdAttributes(), r.xfam(), r.mrTd(), r.mrConfigId(), r.mrOwner(),
                r.mrOwnerConfig(), r.rtmr(), r.reportData(), r.teeTcbSvn2(), r.mrServiceTd());
    }

    /** Intel's quote verification library, checkForRelaunch. */
    @Test
    void aDomainStartedBeforeTheModuleWasUpdatedShouldBeStartedAgain() throws GeneralSecurityException, JsonProcessingException {
        int[] old = {MODULE_OLD, 1, 7};
        assertThat(status(domain(old, new int[] {MODULE_LATEST, 1, 7}))).isEqualTo(TcbStatus.TD_RELAUNCH_ADVISED);
        assertThat(status(domain(old, new int[] {MODULE_LATEST, 3, 7}))).isEqualTo(TcbStatus.TD_RELAUNCH_ADVISED);
        assertThat(status(domain(old, new int[] {7, 0, 7}))).isEqualTo(TcbStatus.TD_RELAUNCH_ADVISED);
        assertThat(status(domain(old, new int[] {6, 0, 7}))).isEqualTo(TcbStatus.OUT_OF_DATE);
        assertThat(status(domain(old, new int[] {MODULE_LATEST, 1, 6}))).isEqualTo(TcbStatus.OUT_OF_DATE);
        assertThat(status(domain(old, new int[] {MODULE_OLD, 1, 7}))).isEqualTo(TcbStatus.OUT_OF_DATE);
        assertThat(refusal(() -> status(domain(old, new int[] {MODULE_LATEST, 2, 7})))).isEqualTo(Reason.TDX_MODULE_MISMATCH);
        levels(level(7, "ConfigurationNeeded"));
        assertThat(status(domain(old, new int[] {MODULE_LATEST, 1, 7}))).isEqualTo(TcbStatus.TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED);
        levels(level(7, "OutOfDate"));
        assertThat(status(domain(old, new int[] {MODULE_LATEST, 1, 7}))).isEqualTo(TcbStatus.OUT_OF_DATE);
        levels(level(7, "UpToDate"));
        qeIdentity.put("tcbLevels", List.of(moduleLevel(QuotingEnclave.SVN, "OutOfDate")));
        assertThat(status(domain(old, new int[] {MODULE_LATEST, 1, 7}))).isEqualTo(TcbStatus.OUT_OF_DATE);
    }

    @Test
    void aDebuggedDomainSaysSo() {
        TdReport good = domain(new int[] {7, 0, 7}, null);
        assertThat(good.debug()).isFalse();
        TdReport debugged = new TdReport(good.teeTcbSvn(), good.mrSeam(), good.mrSignerSeam(), good.seamAttributes(),
                Bytes.ofHex("0100001000000000"), good.xfam(), good.mrTd(), good.mrConfigId(), good.mrOwner(), good.mrOwnerConfig(), good.rtmr(),
                good.reportData(), null, null);
        assertThat(debugged.debug()).isTrue();
    }

    /** Nothing signs what would follow the certificates, so that nothing may. */
    @Test
    void lengthsLeaveNoRoom() throws GeneralSecurityException {
        byte[] quote = LaterQuotes.quote(PLATFORM, 4, domain(new int[] {7, 0, 7}, null));
        int signatureData = 48 + TdReport.LENGTH_1_0;
        int qeReportData = signatureData + 4 + 64 + 64 + 2;
        ByteBuffer outer = ByteBuffer.wrap(Arrays.copyOf(quote, quote.length + 1)).order(ByteOrder.LITTLE_ENDIAN);
        outer.putInt(signatureData, outer.getInt(signatureData) + 1);
        assertThat(refusal(() -> Quote.parse(outer.array()))).isEqualTo(Reason.QUOTE_MALFORMED);
        outer.putInt(qeReportData, outer.getInt(qeReportData) + 1);
        assertThat(refusal(() -> Quote.parse(outer.array()))).isEqualTo(Reason.QUOTE_MALFORMED);
    }

    @Test
    void aQuoteThatEndsEarlyIsMalformedWhereverItEnds() throws GeneralSecurityException {
        byte[] quote = LaterQuotes.quote(PLATFORM, 5, domain(new int[] {7, 0, 7}, new int[] {7, 0, 7}));
        for (int length = 0; length < quote.length; length++) {
            byte[] cut = Arrays.copyOf(quote, length);
            assertThat(refusal(() -> Quote.parse(cut))).as("%d bytes", length).isEqualTo(Reason.QUOTE_MALFORMED);
        }
    }
}
