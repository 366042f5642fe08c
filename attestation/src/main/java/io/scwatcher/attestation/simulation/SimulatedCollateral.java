package io.scwatcher.attestation.simulation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.Reason;
import io.scwatcher.attestation.dcap.Collateral;
import io.scwatcher.attestation.dcap.SignedDocument;
import io.scwatcher.attestation.dcap.TcbStatus;
import io.scwatcher.attestation.encoding.P256;
import io.scwatcher.attestation.encoding.Pem;
import io.scwatcher.attestation.encoding.X509Writer;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes collateral for a simulated platform: what its vendor would publish, good or bad. For one thread. */
public final class SimulatedCollateral {
    /** As long as Intel's documents and lists are good for. */
    private static final Duration VALIDITY = Duration.ofDays(30);
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(10);

    private final PlatformKeys keys;
    private final ObjectMapper mapper = new ObjectMapper();
    private final List<BigInteger> revokedPlatforms = new ArrayList<>();
    private final List<BigInteger> revokedIssuers = new ArrayList<>();
    private Instant issued;
    private int evaluation = 17;
    private TcbStatus platformStatus = TcbStatus.UP_TO_DATE;
    private List<String> platformAdvisories = List.of();
    private TcbStatus qeStatus = TcbStatus.UP_TO_DATE;
    private List<String> qeAdvisories = List.of();

    SimulatedCollateral(PlatformKeys keys, Instant now) {
        this.keys = keys;
        issued = now.minus(CLOCKS_DIFFER);
    }

    /** When all documents and lists were issued; they are good for 30 days. */
    public SimulatedCollateral issued(Instant instant) {
        issued = instant;
        return this;
    }

    public SimulatedCollateral evaluation(int number) {
        evaluation = number;
        return this;
    }

    /** @param advisories like "INTEL-SA-00000" */
    public SimulatedCollateral platformStatus(TcbStatus status, String... advisories) {
        platformStatus = status;
        platformAdvisories = List.of(advisories);
        return this;
    }

    /** @param status UP_TO_DATE, OUT_OF_DATE or REVOKED */
    public SimulatedCollateral quotingEnclaveStatus(TcbStatus status, String... advisories) {
        qeStatus = status;
        qeAdvisories = List.of(advisories);
        return this;
    }

    public SimulatedCollateral revokePlatform() {
        revokedPlatforms.add(keys.platform().certificate().getSerialNumber());
        return this;
    }

    public SimulatedCollateral revokePlatformAuthority() {
        revokedIssuers.add(keys.authority().certificate().getSerialNumber());
        return this;
    }

    public SimulatedCollateral revokeTcbSigner() {
        revokedIssuers.add(keys.tcbSigner().certificate().getSerialNumber());
        return this;
    }

    public Collateral build() throws AttestationException {
        try {
            Bytes signerChain = Bytes.of((Pem.certificate(keys.tcbSigner().certificate().getEncoded())
                    + Pem.certificate(keys.root().certificate().getEncoded())).getBytes(StandardCharsets.US_ASCII));
            return new Collateral(signed(tcbInfo()), signerChain, signed(qeIdentity()), signerChain,
                    X509Writer.revocationList(keys.root().party(), 1, issued, issued.plus(VALIDITY), revokedIssuers),
                    X509Writer.revocationList(keys.authority().party(), 1, issued, issued.plus(VALIDITY), revokedPlatforms));
        } catch (GeneralSecurityException | JsonProcessingException e) {
            throw new AttestationException(Reason.PROVIDER_FAILED, "no simulated collateral can be made: " + e.getMessage(), e);
        }
    }

    SignedDocument signed(Map<String, Object> document) throws GeneralSecurityException, JsonProcessingException {
        byte[] body = mapper.writeValueAsBytes(document);
        return new SignedDocument(Bytes.of(body), P256.sign(keys.tcbSigner().party().privateKey(), body));
    }

    Map<String, Object> tcbInfo() {
        List<Map<String, Object>> components = new ArrayList<>();
        for (int i = 0; i < SimulatedPlatform.COMPONENTS.length(); i++) {
            components.add(Map.of("svn", SimulatedPlatform.COMPONENTS.get(i)));
        }
        Map<String, Object> tcb = new LinkedHashMap<>();
        tcb.put("sgxtcbcomponents", components);
        tcb.put("pcesvn", SimulatedPlatform.PCE_SVN);
        Map<String, Object> info = head("SGX", 3);
        info.put("fmspc", SimulatedPlatform.FMSPC.toString());
        info.put("pceId", SimulatedPlatform.PCE_ID.toString());
        info.put("tcbType", 0);
        info.put("tcbEvaluationDataNumber", evaluation);
        info.put("tcbLevels", List.of(level(tcb, platformStatus, platformAdvisories)));
        return info;
    }

    Map<String, Object> qeIdentity() {
        Map<String, Object> identity = head("QE", 2);
        identity.put("tcbEvaluationDataNumber", evaluation);
        identity.put("miscselect", "00000000");
        identity.put("miscselectMask", "FFFFFFFF");
        // All flags but MODE64BIT, and no feature of XFRM, as in Intel's identities: so DEBUG, above all, must be 0.
        identity.put("attributes", "11000000000000000000000000000000");
        identity.put("attributesMask", "FBFFFFFFFFFFFFFF0000000000000000");
        identity.put("mrsigner", QuotingEnclave.MR_SIGNER.toString());
        identity.put("isvprodid", QuotingEnclave.PRODUCT_ID);
        identity.put("tcbLevels", List.of(level(Map.of("isvsvn", QuotingEnclave.SVN), qeStatus, qeAdvisories)));
        return identity;
    }

    private Map<String, Object> head(String id, int version) {
        Map<String, Object> head = new LinkedHashMap<>();
        head.put("id", id);
        head.put("version", version);
        head.put("issueDate", seconds(issued));
        head.put("nextUpdate", seconds(issued.plus(VALIDITY)));
        return head;
    }

    private static Map<String, Object> level(Map<String, ?> tcb, TcbStatus status, List<String> advisories) {
        Map<String, Object> level = new LinkedHashMap<>();
        level.put("tcb", tcb);
        level.put("tcbDate", "2026-01-01T00:00:00Z");
        level.put("tcbStatus", status.toString());
        if (!advisories.isEmpty()) {
            level.put("advisoryIDs", advisories);
        }
        return level;
    }

    private static String seconds(Instant instant) {
        return Instant.ofEpochSecond(instant.getEpochSecond()).toString();
    }
}
