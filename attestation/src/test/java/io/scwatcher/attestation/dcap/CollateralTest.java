package io.scwatcher.attestation.dcap;

import static io.scwatcher.attestation.Fixtures.PLATFORM;
import static io.scwatcher.attestation.Fixtures.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The file in which collateral comes. */
class CollateralTest {
    private final Collateral good = good();
    private final Map<String, String> members = new LinkedHashMap<>();

    CollateralTest() {
        members.put("tcb_info_issuer_chain", text(good.tcbInfoChain()));
        members.put("tcb_info", answer("tcbInfo", good.tcbInfo(), ""));
        members.put("qe_identity_issuer_chain", text(good.qeIdentityChain()));
        members.put("qe_identity", answer("enclaveIdentity", good.qeIdentity(), " "));
        members.put("root_ca_crl", Base64.getEncoder().encodeToString(good.rootCrl().toArray()));
        members.put("pck_crl", "-----BEGIN X509 CRL-----\n" + Base64.getMimeEncoder().encodeToString(good.pckCrl().toArray())
                + "\n-----END X509 CRL-----\n");
    }

    private static Collateral good() {
        try {
            return PLATFORM.collateral().build();
        } catch (AttestationException e) {
            throw new AssertionError(e);
        }
    }

    private static String text(Bytes bytes) {
        return new String(bytes.toArray(), StandardCharsets.UTF_8);
    }

    /** As Intel's service answers; signed is the document without what is around it. */
    private static String answer(String member, SignedDocument document, String space) {
        return "{" + space + "\"" + member + "\":" + space + text(document.body()) + space
                + ",\"signature\":\"" + document.signature() + "\"}" + space;
    }

    private byte[] file() {
        try {
            return new ObjectMapper().writeValueAsBytes(members);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void answersOfTheServiceAndListsInEachForm() throws AttestationException {
        assertThat(Collateral.parse(file())).isEqualTo(good);
    }

    @Test
    void whatIsMissingOrWrongIsNamed() {
        for (String member : List.copyOf(members.keySet())) {
            String value = members.remove(member);
            assertThat(refusal(() -> Collateral.parse(file()))).as(member).isEqualTo(Reason.COLLATERAL_MALFORMED);
            members.put(member, value);
        }
        members.put("pck_crl", "not base64!");
        assertThat(refusal(() -> Collateral.parse(file()))).isEqualTo(Reason.COLLATERAL_MALFORMED);
    }

    @Test
    void answersOfAnotherShapeAreRefused() {
        String body = text(good.tcbInfo().body());
        String signature = "\"signature\":\"" + good.tcbInfo().signature() + "\"";
        for (String wrong : List.of("", "[]", "{}", "{\"tcbInfo\":" + body + "}", "{" + signature + "}", "{\"tcbInfo\":1," + signature + "}",
                "{\"tcbInfo\":" + body + ",\"signature\":\"00\"}", "{\"tcbInfo\":" + body + "," + signature + ",\"more\":1}",
                "{\"tcbInfo\":" + body + ",\"tcbInfo\":" + body + "," + signature + "}", "{\"tcbInfo\":" + body + "," + signature + "}x",
                "{\"enclaveIdentity\":" + body + "," + signature + "}")) {
            members.put("tcb_info", wrong);
            assertThat(refusal(() -> Collateral.parse(file()))).as(wrong).isEqualTo(Reason.COLLATERAL_MALFORMED);
        }
    }

    @Test
    void anythingElseIsRefusedAndNothingWorse() {
        long seed = System.nanoTime();
        System.out.println("seed of collateral fuzz: " + seed);
        Random random = new Random(seed);
        byte[] file = file();
        for (int i = 0; i < 2_000; i++) {
            byte[] changed = file.clone();
            for (int n = random.nextInt(4); n >= 0; n--) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt(128);
            }
            assertThat(refusal(() -> Collateral.parse(changed))).isIn(null, Reason.COLLATERAL_MALFORMED);
        }
    }
}
