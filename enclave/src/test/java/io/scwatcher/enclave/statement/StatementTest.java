package io.scwatcher.enclave.statement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.Reason;
import io.scwatcher.attestation.dcap.DcapVerifier;
import io.scwatcher.attestation.policy.Policy;
import io.scwatcher.attestation.policy.Requirement;
import io.scwatcher.attestation.provider.QuoteSource;
import io.scwatcher.attestation.ratls.Claims;
import io.scwatcher.attestation.ratls.Evidence;
import io.scwatcher.attestation.ratls.RaTlsVerifier;
import io.scwatcher.attestation.simulation.SimulatedEnclave;
import io.scwatcher.attestation.simulation.SimulatedPlatform;
import io.scwatcher.attestation.simulation.SimulationStore;
import io.scwatcher.channel.session.Prover;
import io.scwatcher.channel.session.Role;
import io.scwatcher.channel.session.TlsIdentity;
import io.scwatcher.enclave.json.CanonicalJson;
import io.scwatcher.enclave.statement.Statement.Capture;
import io.scwatcher.enclave.statement.Statement.SeenVm;
import io.scwatcher.enclave.statement.Statement.Stream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.Signature;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Statements of an enclave on a simulated platform, and what becomes of them when somebody changes something. */
class StatementTest {
    private static final Clock CLOCK = Clock.systemUTC();
    private static final Bytes MEASURED = Bytes.sha256(new byte[] {1});
    private static final Bytes CONFIGURATION = Bytes.sha256(new byte[] {2});
    private static final ObjectMapper JSON = new ObjectMapper();
    private static SimulatedPlatform platform;
    private static Prover prover;

    @BeforeAll
    static void prepare() throws Exception {
        platform = SimulatedPlatform.open(SimulationStore.inMemory(), CLOCK);
        prover = prover(MEASURED);
    }

    private static Prover prover(Bytes measured) throws AttestationException {
        return new Prover(new QuoteSource.Simulation(platform, new SimulatedEnclave(measured, Bytes.zeros(32), 0, 0)).open(), () -> platform.collateral().build(),
                Map.of(Claims.CONFIGURATION, CONFIGURATION));
    }

    private static Statement statement(SeenVm vm) {
        Stream some = new Stream(3, Bytes.sha256("abc".getBytes(StandardCharsets.US_ASCII)));
        return new Statement(Bytes.ofHex("0102"), Bytes.zeros(32), List.of("ps", "", "\u001b\"\\\n\u00e4\ud83d\ude00\u0000"), List.of("PATH=/bin"), "/", Bytes.zeros(32), vm,
                some, some, some, false, 7, "", Instant.parse("2026-01-31T12:00:00Z"), Instant.parse("2026-01-31T12:00:01.5Z"));
    }

    private static Statement statement() {
        return statement(new SeenVm(new UUID(1, 2), Bytes.zeros(32), "6.1.0", Capture.PAUSED, 3, 3, 0));
    }

    private static StatementVerifier verifier() {
        Policy policy = Policy.builder().mrEnclave(Requirement.is(MEASURED)).mrSigner(Requirement.any()).productId(Requirement.any()).minimumSvn(Requirement.any())
                .bundle(Requirement.any()).configuration(Requirement.is(CONFIGURATION)).build();
        return new StatementVerifier(new RaTlsVerifier(new DcapVerifier(List.of(platform.anchor()), true, CLOCK), policy, List.of(), CLOCK));
    }

    private static void verify(byte[] file) throws AttestationException {
        verifier().verify(SignedStatement.parse(file), null);
    }

    private static void assertRefused(byte[] file, Reason reason) {
        assertThatThrownBy(() -> verify(file)).isInstanceOfSatisfying(AttestationException.class, e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason));
    }

    @Test
    void whatAnEnclaveSignsIsReadAgainAndVerified() throws Exception {
        StatementKey key = new StatementKey(prover);
        for (Statement statement : List.of(statement(), statement(null), statement(new SeenVm(new UUID(-1, -2), Bytes.sha256(new byte[0]), "", Capture.STILL, 0, 1L << 50, 9)))) {
            byte[] file = key.sign(statement).encode();
            assertThat(SignedStatement.parse(file).statement()).isEqualTo(statement);
            verify(file);
            assertThat(new String(file, StandardCharsets.UTF_8)).endsWith("}\n").contains("\"started\":\"2026-01-31T12:00:00.000Z\"", "\\u001b\\\"\\\\\\n\u00e4\ud83d\ude00\\u0000");
        }
    }

    /** The file's JSON with one value replaced, in canonical form. */
    private static byte[] with(byte[] file, List<Object> path, Object value) throws IOException {
        Object top = JSON.readValue(file, Object.class);
        Object at = top;
        for (Object step : path.subList(0, path.size() - 1)) {
            at = step instanceof Integer index ? ((List<?>) at).get(index) : ((Map<?, ?>) at).get(step);
        }
        if (path.getLast() instanceof Integer index) {
            ((List<Object>) at).set(index, value);
        } else {
            ((Map<Object, Object>) at).put(path.getLast(), value);
        }
        return new String(CanonicalJson.encode(top), StandardCharsets.UTF_8).concat("\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Paths to all values that are no objects, and what else could stand there. */
    private static Map<List<Object>, Object> leaves(JsonNode node, List<Object> path, Map<List<Object>, Object> found) {
        if (node.isObject()) {
            node.properties().forEach(member -> leaves(member.getValue(), plus(path, member.getKey()), found));
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                leaves(node.get(i), plus(path, i), found);
            }
            List<Object> more = new ArrayList<>();
            node.forEach(one -> more.add(one.textValue()));
            more.add("more");
            found.put(path, more);
        } else {
            found.put(path, node.isBoolean() ? !node.booleanValue() : node.isNumber() ? node.longValue() + 1 : other(node.textValue()));
        }
        return found;
    }

    private static List<Object> plus(List<Object> path, Object step) {
        List<Object> longer = new ArrayList<>(path);
        longer.add(step);
        return longer;
    }

    /** A text of the same form. */
    private static String other(String text) {
        return switch (text) {
            case "paused" -> "live";
            case "" -> "x";
            default -> {
                int at = text.matches("[0-9a-f-]+") ? 0 : text.indexOf("12:00") > 0 ? text.indexOf("12:00") + 1 : text.length() / 2;
                yield text.substring(0, at) + (text.charAt(at) == '1' ? '0' : '1') + text.substring(at + 1);
            }
        };
    }

    @Test
    void noFieldCanBeChanged() throws Exception {
        byte[] file = new StatementKey(prover).sign(statement()).encode();
        Map<List<Object>, Object> leaves = leaves(JSON.readTree(file), List.of(), new LinkedHashMap<>());
        assertThat(leaves).hasSizeGreaterThan(30);
        for (Map.Entry<List<Object>, Object> leaf : leaves.entrySet()) {
            byte[] changed = with(file, leaf.getKey(), leaf.getValue());
            assertThat(changed).as("%s", leaf.getKey()).isNotEqualTo(file);
            assertThatThrownBy(() -> verify(changed)).as("%s", leaf.getKey()).isInstanceOfSatisfying(AttestationException.class, e -> {
                if (leaf.getKey().getFirst().equals("statement") && !leaf.getKey().getLast().equals("version")) {
                    assertThat(e.reason()).as("%s: %s", leaf.getKey(), e.getMessage()).isEqualTo(Reason.STATEMENT_SIGNATURE_INVALID);
                }
            });
        }
        verify(with(file, List.of("statement", "exit"), 7));
    }

    /** Collateral has its own signatures, and may be written in several ways. */
    @Test
    void noByteOfWhatIsStatedCanBeChanged() throws Exception {
        SignedStatement signed = new StatementKey(prover).sign(statement());
        byte[] file = signed.encode();
        int refused = 0;
        long seed = System.nanoTime();
        System.out.println("statements: seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            byte[] changed = file.clone();
            changed[random.nextInt(file.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                verify(changed);
                SignedStatement read = SignedStatement.parse(changed);
                assertThat(new SignedStatement(read.statement(), read.signature(), read.key(), read.evidence(), signed.collateral())).isEqualTo(signed);
            } catch (AttestationException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(200);
    }

    @Test
    void thereIsOneForm() throws Exception {
        byte[] file = new StatementKey(prover).sign(statement()).encode();
        String text = new String(file, StandardCharsets.UTF_8);
        for (String other : List.of(text.strip(), " " + text, text.replaceFirst(",", ", "), text.replace("\u00e4", "\\u00e4"), text.replaceFirst("\\{", "{\"more\":1,"),
                text.replaceFirst("\"exit\":7", "\"exit\":7.0"), text.replaceFirst("\"exit\":7,", ""), text.replaceFirst("\"exit\":7", "\"exit\":7,\"exit\":7"), "", "{}", "[]")) {
            assertThat(other).isNotEqualTo(text);
            assertRefused(other.getBytes(StandardCharsets.UTF_8), Reason.STATEMENT_MALFORMED);
        }
    }

    @Test
    void anotherEnclavesStatementIsRefused() throws Exception {
        assertRefused(new StatementKey(prover(Bytes.zeros(32))).sign(statement()).encode(), Reason.MRENCLAVE_REFUSED);
        SimulatedPlatform other = SimulatedPlatform.open(SimulationStore.inMemory(), CLOCK);
        Prover stranger = new Prover(new QuoteSource.Simulation(other, new SimulatedEnclave(MEASURED, Bytes.zeros(32), 0, 0)).open(), () -> other.collateral().build(),
                prover.claims());
        assertRefused(new StatementKey(stranger).sign(statement()).encode(), Reason.ROOT_UNTRUSTED);
        Prover otherwise = new Prover(prover.provider(), prover.collateral(), Map.of(Claims.CONFIGURATION, MEASURED));
        assertRefused(new StatementKey(otherwise).sign(statement()).encode(), Reason.CONFIGURATION_REFUSED);
        Prover revoked = new Prover(prover.provider(), () -> platform.collateral().revokePlatform().build(), prover.claims());
        assertRefused(new StatementKey(revoked).sign(statement()).encode(), Reason.PCK_REVOKED);
    }

    @Test
    void evidenceOfOneKeyIsWorthNothingForAnother() throws Exception {
        SignedStatement mine = new StatementKey(prover).sign(statement());
        SignedStatement theirs = new StatementKey(prover).sign(statement(null));
        assertRefused(new SignedStatement(mine.statement(), mine.signature(), mine.key(), theirs.evidence(), mine.collateral()).encode(), Reason.KEY_UNBOUND);
        assertRefused(new SignedStatement(mine.statement(), theirs.signature(), theirs.key(), theirs.evidence(), mine.collateral()).encode(),
                Reason.STATEMENT_SIGNATURE_INVALID);
    }

    /** A key that the enclave proved in a session, or for nothing in particular, signs no statements. */
    @Test
    void aKeyForSomethingElseSignsNoStatements() throws Exception {
        KeyPair keys = TlsIdentity.generateKeys();
        Signature signature = Signature.getInstance(StatementKey.ALGORITHM);
        signature.initSign(keys.getPrivate());
        signature.update(SignedStatement.signedBytes(statement()));
        Bytes signed = Bytes.of(signature.sign());
        Bytes key = Bytes.of(keys.getPublic().getEncoded());
        Bytes collateral = Bytes.of(platform.collateral().build().toJson());
        for (Map<String, Bytes> claims : List.of(prover.claims(), Role.RUNS_TOOLS.with(prover.claims()), Role.READS_MEMORY.with(prover.claims()))) {
            Evidence evidence = Evidence.of(prover.provider(), Claims.about(keys.getPublic(), claims));
            assertRefused(new SignedStatement(statement(), signed, key, evidence, collateral).encode(), Reason.CLAIMS_UNBOUND);
        }
        verify(new SignedStatement(statement(), signed, key, Evidence.of(prover.provider(), Claims.about(keys.getPublic(), Role.SIGNS_STATEMENTS.with(prover.claims()))),
                collateral).encode());
    }
}
