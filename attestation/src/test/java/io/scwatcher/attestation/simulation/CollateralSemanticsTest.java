package io.scwatcher.attestation.simulation;

import static io.scwatcher.attestation.Fixtures.ENCLAVE;
import static io.scwatcher.attestation.Fixtures.PLATFORM;
import static io.scwatcher.attestation.Fixtures.REPORT_DATA;
import static io.scwatcher.attestation.Fixtures.refusal;
import static io.scwatcher.attestation.Fixtures.verifier;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.Reason;
import io.scwatcher.attestation.dcap.Collateral;
import io.scwatcher.attestation.dcap.SignedDocument;
import io.scwatcher.attestation.dcap.TcbStatus;
import io.scwatcher.attestation.encoding.P256;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Documents that the vendor really signed, with each member another than the quote needs. */
class CollateralSemanticsTest {
    private static final Set<String> NUMBERS = Set.of("version", "tcbType", "tcbEvaluationDataNumber", "isvprodid");

    private final SimulatedCollateral vendor = PLATFORM.collateral();

    private Reason refusalOf(Map<String, Object> tcbInfo, Map<String, Object> qeIdentity) throws GeneralSecurityException, JsonProcessingException {
        return refusalOf(vendor.signed(tcbInfo), vendor.signed(qeIdentity));
    }

    private Reason refusalOf(SignedDocument tcbInfo, SignedDocument qeIdentity) throws GeneralSecurityException {
        Collateral base = vendor.build();
        Collateral collateral = new Collateral(tcbInfo, base.tcbInfoChain(), qeIdentity, base.qeIdentityChain(), base.rootCrl(), base.pckCrl());
        byte[] quote = PLATFORM.quote(ENCLAVE, REPORT_DATA);
        return refusal(() -> verifier().verify(quote, collateral));
    }

    private static Object value(String member, String text) {
        return switch (text) {
            case "absent" -> null;
            case "list" -> List.of();
            case "object" -> Map.of();
            default -> NUMBERS.contains(member) && text.matches("-?\\d+") ? (Object) Long.valueOf(text) : text;
        };
    }

    private static Map<String, Object> with(Map<String, Object> document, String member, Object value) {
        Map<String, Object> changed = new LinkedHashMap<>(document);
        if (value == null) {
            changed.remove(member);
        } else {
            changed.put(member, value);
        }
        return changed;
    }

    @ParameterizedTest
    @CsvSource({"id, QE, TCB_INFO_MALFORMED", "id, absent, TCB_INFO_MALFORMED", "id, TDX, TCB_INFO_MALFORMED", "version, 1, TCB_INFO_MALFORMED",
        "version, 4, TCB_INFO_MALFORMED", "version, '3 ', TCB_INFO_MALFORMED", "version, 2, TCB_INFO_MALFORMED",
        "issueDate, 2027-01-01T00:00:00Z, NOT_YET_VALID", "issueDate, yesterday, TCB_INFO_MALFORMED",
        "issueDate, 2026-13-01T00:00:00Z, TCB_INFO_MALFORMED", "nextUpdate, 2026-01-01T00:00:00Z, TCB_INFO_EXPIRED",
        "nextUpdate, absent, TCB_INFO_MALFORMED", "fmspc, 000000000000, TCB_INFO_MISMATCH", "fmspc, 00, TCB_INFO_MALFORMED",
        "fmspc, zzzzzzzzzzzz, TCB_INFO_MALFORMED", "pceId, 0001, TCB_INFO_MISMATCH", "tcbType, 1, TCB_INFO_MALFORMED",
        "tcbEvaluationDataNumber, -1, TCB_INFO_MALFORMED", "tcbEvaluationDataNumber, 99999999999, TCB_INFO_MALFORMED",
        "tcbLevels, list, TCB_INFO_MALFORMED", "tcbLevels, object, TCB_INFO_MALFORMED", "tdxModule, object, TCB_INFO_MALFORMED"})
    void tcbInformation(String member, String value, Reason reason) throws GeneralSecurityException, JsonProcessingException {
        assertThat(refusalOf(with(vendor.tcbInfo(), member, value(member, value)), vendor.qeIdentity())).isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvSource({"id, TD_QE, QE_IDENTITY_MISMATCH", "id, QVE, QE_IDENTITY_MALFORMED", "version, 1, QE_IDENTITY_MALFORMED",
        "issueDate, 2027-01-01T00:00:00Z, NOT_YET_VALID", "nextUpdate, 2026-01-01T00:00:00Z, QE_IDENTITY_EXPIRED",
        "miscselect, 01000000, QE_IDENTITY_MISMATCH", "miscselectMask, 00, QE_IDENTITY_MALFORMED",
        "attributes, 13000000000000000000000000000000, QE_IDENTITY_MISMATCH",
        "attributesMask, FFFFFFFFFFFFFFFF0000000000000000, QE_IDENTITY_MISMATCH",
        "mrsigner, absent, QE_IDENTITY_MALFORMED", "mrsigner, 8C4F5775D796503E96137F77C68A829A0056AC8DED70140B081B094490C57BFF, QE_IDENTITY_MISMATCH",
        "isvprodid, 2, QE_IDENTITY_MISMATCH", "isvprodid, 65536, QE_IDENTITY_MALFORMED", "tcbLevels, list, QE_IDENTITY_MALFORMED"})
    void qeIdentity(String member, String value, Reason reason) throws GeneralSecurityException, JsonProcessingException {
        assertThat(refusalOf(vendor.tcbInfo(), with(vendor.qeIdentity(), member, value(member, value)))).isEqualTo(reason);
    }

    @Test
    void membersThatNobodyKnowsDoNotMatter() throws GeneralSecurityException, JsonProcessingException {
        assertThat(refusalOf(with(vendor.tcbInfo(), "later", Map.of("a", 1)), with(vendor.qeIdentity(), "later", 1))).isNull();
    }

    @Test
    void anythingThatIsNotOneObjectIsRefusedThoughItIsSigned() throws GeneralSecurityException, JsonProcessingException {
        SignedDocument good = vendor.signed(vendor.qeIdentity());
        String body = new String(vendor.signed(vendor.tcbInfo()).body().toArray(), StandardCharsets.UTF_8);
        for (String wrong : List.of("", "null", "[]", "1", "{", body + body, body + "x", body.replace("{\"id\"", "{\"id\":\"SGX\",\"id\""),
                "{\"a\":".repeat(100) + "1" + "}".repeat(100))) {
            byte[] bytes = wrong.getBytes(StandardCharsets.UTF_8);
            SignedDocument signed = new SignedDocument(Bytes.of(bytes),
                    P256.sign(PLATFORM.keys().tcbSigner().party().privateKey(), bytes));
            assertThat(refusalOf(signed, good)).as(wrong).isEqualTo(Reason.TCB_INFO_MALFORMED);
        }
    }

    /** Version 2 has the same meaning in other members. */
    @Test
    void versionTwoIsRead() throws GeneralSecurityException, JsonProcessingException {
        Map<String, Object> tcb = new LinkedHashMap<>();
        for (int i = 0; i < 16; i++) {
            tcb.put("sgxtcbcomp%02dsvn".formatted(i + 1), SimulatedPlatform.COMPONENTS.get(i));
        }
        tcb.put("pcesvn", SimulatedPlatform.PCE_SVN);
        Map<String, Object> document = with(with(vendor.tcbInfo(), "version", 2), "id", null);
        assertThat(refusalOf(with(document, "tcbLevels", List.of(level(tcb, "UpToDate"))), vendor.qeIdentity())).isNull();
        tcb.put("sgxtcbcomp16svn", 1);
        assertThat(refusalOf(with(document, "tcbLevels", List.of(level(tcb, "UpToDate"))), vendor.qeIdentity()))
                .isEqualTo(Reason.TCB_NOT_SUPPORTED);
    }

    private static Map<String, Object> level(Map<String, Object> tcb, String status) {
        return Map.of("tcb", tcb, "tcbDate", "2026-01-01T00:00:00Z", "tcbStatus", status);
    }

    /** A level is reached only with every component and the PCE. */
    @Test
    void eachComponentDecidesAboutTheLevel() throws GeneralSecurityException, JsonProcessingException {
        for (int raised = 0; raised <= 16; raised++) {
            Map<String, Object> tcbInfo = with(vendor.tcbInfo(), "tcbLevels", List.of(level(tcb(raised), "UpToDate"), level(tcb(-1), "OutOfDate")));
            Collateral base = vendor.build();
            Collateral collateral = new Collateral(vendor.signed(tcbInfo), base.tcbInfoChain(), base.qeIdentity(), base.qeIdentityChain(),
                    base.rootCrl(), base.pckCrl());
            // One of the components is 255 already, and cannot be raised: that the document cannot say.
            byte[] quote = PLATFORM.quote(ENCLAVE, REPORT_DATA);
            if (raised < 16 && SimulatedPlatform.COMPONENTS.get(raised) == 0xff) {
                assertThat(refusal(() -> verifier().verify(quote, collateral))).isEqualTo(Reason.TCB_INFO_MALFORMED);
            } else {
                assertThat(verifier().verify(quote, collateral).status()).as("component %d", raised).isEqualTo(TcbStatus.OUT_OF_DATE);
            }
        }
    }

    /** @param raised the component above the platform's; 16 is the PCE, -1 none */
    private static Map<String, Object> tcb(int raised) {
        List<Map<String, Object>> components = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            components.add(Map.of("svn", SimulatedPlatform.COMPONENTS.get(i) + (i == raised ? 1 : 0)));
        }
        return Map.of("sgxtcbcomponents", components, "pcesvn", SimulatedPlatform.PCE_SVN + (raised == 16 ? 1 : 0));
    }

    @Test
    void aQuotingEnclaveBelowAllLevelsIsNotSupported() throws GeneralSecurityException, JsonProcessingException {
        Map<String, Object> identity = with(vendor.qeIdentity(), "tcbLevels", List.of(level(Map.of("isvsvn", QuotingEnclave.SVN + 1), "UpToDate")));
        assertThat(refusalOf(vendor.tcbInfo(), identity)).isEqualTo(Reason.TCB_NOT_SUPPORTED);
        Map<String, Object> strange = with(vendor.qeIdentity(), "tcbLevels", List.of(level(Map.of("isvsvn", 1), "ConfigurationNeeded")));
        assertThat(refusalOf(vendor.tcbInfo(), strange)).isEqualTo(Reason.QE_IDENTITY_MALFORMED);
    }
}
