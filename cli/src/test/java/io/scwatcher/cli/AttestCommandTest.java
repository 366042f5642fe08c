package io.scwatcher.cli;

import static io.scwatcher.cli.Outcome.run;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.provider.QuoteSource;
import io.scwatcher.attestation.ratls.Claims;
import io.scwatcher.attestation.ratls.RaTlsCertificates;
import io.scwatcher.attestation.simulation.SimulatedEnclave;
import io.scwatcher.attestation.simulation.SimulatedPlatform;
import io.scwatcher.attestation.simulation.SimulationStore;
import io.scwatcher.channel.session.Prover;
import io.scwatcher.enclave.statement.Statement;
import io.scwatcher.enclave.statement.Statement.SeenVm;
import io.scwatcher.enclave.statement.StatementKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code scwatcher attest} on files of a simulated platform. */
class AttestCommandTest {
    private static final Bytes BUNDLE = Bytes.sha256(new byte[] {1});
    private static final SimulatedEnclave ENCLAVE = new SimulatedEnclave(Bytes.sha256(new byte[] {2}), Bytes.sha256(new byte[] {3}), 7, 3);

    @TempDir
    private Path folder;
    private SimulatedPlatform platform;
    private Path quote;
    private Path certificate;
    private Path collateral;
    private Path root;

    @BeforeEach
    void writeFiles() throws IOException, GeneralSecurityException {
        platform = SimulatedPlatform.open(SimulationStore.inMemory(), Clock.systemUTC());
        quote = Files.write(folder.resolve("quote.bin"), platform.quote(ENCLAVE, Bytes.zeros(64)));
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        KeyPair keys = generator.generateKeyPair();
        certificate = Files.write(folder.resolve("enclave.der"), RaTlsCertificates.create(keys, new QuoteSource.Simulation(platform, ENCLAVE).open(),
                Map.of(Claims.BUNDLE, BUNDLE, Claims.NONCE, Bytes.zeros(8)), Instant.now(), Duration.ofHours(1)).getEncoded());
        collateral = Files.write(folder.resolve("collateral.json"), platform.collateral().build().toJson());
        root = Files.write(folder.resolve("root.der"), platform.root().getEncoded());
    }

    /**
     * @param file null with --statement
     * @param changes take the place of what is demanded else; those that end in = leave it out
     */
    private Outcome verify(Path file, String... changes) {
        List<String> arguments = new ArrayList<>(List.of("attest", "verify", "--collateral=" + collateral, "--mrenclave=" + ENCLAVE.mrEnclave(), "--mrsigner=any", "--product=7", "--min-svn=3", "--bundle=any", "--configuration=any",
                "--allow-simulation", "--simulation-root=" + root));
        if (file != null) {
            arguments.add(file.toString());
        }
        for (String change : changes) {
            String name = change.split("=")[0];
            arguments.removeIf(argument -> argument.split("=")[0].equals(name));
            if (!change.endsWith("=")) {
                arguments.add(change);
            }
        }
        return run(arguments.toArray(String[]::new));
    }

    private static void assertRefused(Outcome outcome, int status, String reason) {
        assertThat(outcome.status()).as(outcome.err()).isEqualTo(status);
        assertThat(outcome.err().lines()).hasSize(1);
        assertThat(outcome.err()).contains("[" + reason + "]");
        assertThat(outcome.out()).isEmpty();
    }

    @Test
    void showsQuotesInEitherForm() throws IOException {
        Path hex = Files.writeString(folder.resolve("quote.hex"), Bytes.of(Files.readAllBytes(quote)) + "\n");
        for (Path file : List.of(quote, hex, certificate)) {
            Outcome outcome = run("attest", "show", file.toString());
            assertThat(outcome.status()).as(outcome.err()).isZero();
            assertThat(outcome.out()).contains("mrEnclave", ENCLAVE.mrEnclave().toString(), "SGX");
        }
        JsonNode shown = new ObjectMapper().readTree(run("attest", "show", "--json", certificate.toString()).out());
        assertThat(shown.get("svn").intValue()).isEqualTo(3);
        assertThat(shown.get("debug").booleanValue()).isTrue();
        assertThat(shown.get("claims").get(Claims.BUNDLE).textValue()).isEqualTo(BUNDLE.toString());
    }

    @Test
    void verifiesQuotesAndCertificates() throws IOException {
        assertThat(verify(quote).out()).contains("verified               true", "status                 UpToDate", "SIMULATION");
        assertThat(verify(certificate, "--bundle=" + BUNDLE, "--nonce=" + Bytes.zeros(8)).status()).isZero();
        JsonNode verified = new ObjectMapper().readTree(verify(quote, "--json").out());
        assertThat(verified.get("verified").booleanValue()).isTrue();
        assertThat(verified.get("advisories").isArray()).isTrue();
    }

    @Test
    void refusalsNameTheirReason() throws IOException, AttestationException {
        assertRefused(verify(quote, "--mrenclave=" + BUNDLE), ExitCode.NO_PERMISSION, "MRENCLAVE_REFUSED");
        assertRefused(verify(quote, "--product=8"), ExitCode.NO_PERMISSION, "PRODUCT_REFUSED");
        assertRefused(verify(quote, "--min-svn=4"), ExitCode.NO_PERMISSION, "SVN_REFUSED");
        assertRefused(verify(quote, "--bundle=" + BUNDLE), ExitCode.NO_PERMISSION, "BUNDLE_REFUSED");
        assertRefused(verify(quote, "--report-data=" + BUNDLE + BUNDLE), ExitCode.NO_PERMISSION, "CLAIMS_UNBOUND");
        assertRefused(verify(quote, "--accept=OutOfDate"), ExitCode.NO_PERMISSION, "TCB_STATUS_REFUSED");
        assertRefused(verify(quote, "--min-evaluation=99"), ExitCode.NO_PERMISSION, "TCB_EVALUATION_REFUSED");
        assertRefused(verify(quote, "--allow-simulation=", "--simulation-root="), ExitCode.NO_PERMISSION, "ROOT_UNTRUSTED");
        assertRefused(verify(quote, "--at=2099-01-01T00:00:00Z"), ExitCode.NO_PERMISSION, "CERTIFICATE_EXPIRED");
        assertRefused(verify(certificate, "--nonce=00"), ExitCode.NO_PERMISSION, "NONCE_MISMATCH");
        Files.write(collateral, platform.collateral().revokePlatform().build().toJson());
        assertRefused(verify(quote), ExitCode.NO_PERMISSION, "PCK_REVOKED");
        Outcome json = verify(quote, "--json");
        assertThat(json.status()).isEqualTo(ExitCode.NO_PERMISSION);
        assertThat(new ObjectMapper().readTree(json.out()).get("reason").textValue()).isEqualTo("PCK_REVOKED");
    }

    private Path stated(SeenVm vm) throws IOException, GeneralSecurityException {
        Prover prover = new Prover(new QuoteSource.Simulation(platform, ENCLAVE).open(), () -> platform.collateral().build(), Map.of(Claims.CONFIGURATION, BUNDLE));
        Statement statement = new Statement(Bytes.zeros(8), Bytes.zeros(32), List.of("ps", "a\u001b[2J"), List.of(), "/", BUNDLE, vm, stream(""), stream("out"), stream("err"), false,
                0, "", Instant.now(), Instant.now());
        return Files.write(folder.resolve("statement"), new StatementKey(prover).sign(statement).encode());
    }

    private static Statement.Stream stream(String text) {
        return new Statement.Stream(text.length(), Bytes.sha256(text.getBytes(StandardCharsets.US_ASCII)));
    }

    private Outcome verifyStatement(Path file, String... changes) {
        List<String> arguments = new ArrayList<>(List.of("--statement=" + file, "--collateral="));
        arguments.addAll(List.of(changes));
        return verify(null, arguments.toArray(String[]::new));
    }

    @Test
    void statementsAreVerifiedWithWhatWasKept() throws Exception {
        UUID uuid = UUID.randomUUID();
        Path file = stated(new SeenVm(uuid, Bytes.zeros(32), "6.1.0", Statement.Capture.LIVE, 1, 2, 3));
        Path out = Files.writeString(folder.resolve("out"), "out");
        Path err = Files.writeString(folder.resolve("err"), "err");
        Outcome good = verifyStatement(file, "--output=" + out, "--errors=" + err, "--vm=" + uuid, "--nonce=" + Bytes.zeros(8), "--bundle=" + BUNDLE, "--configuration=" + BUNDLE);
        assertThat(good.status()).as(good.err()).isZero();
        assertThat(good.out()).contains("ps a?[2J", uuid.toString(), "is what it wrote to its standard output, all 3 bytes", "ran after the nonce", "does not prove", "3 structures were broken",
                "ran on while it was read", "runs the simulation");
        JsonNode json = new ObjectMapper().readTree(verifyStatement(file, "--json").out());
        assertThat(json.get("verified").booleanValue()).isTrue();
        assertThat(json.get("statement").get("vm").get("capture").textValue()).isEqualTo("live");
        assertThat(json.get("provesNot").toString()).contains("no nonce was demanded");
        assertThat(json.get("mrEnclave").textValue()).isEqualTo(ENCLAVE.mrEnclave().toString());
        assertRefused(verifyStatement(file, "--output=" + err), ExitCode.NO_PERMISSION, "OUTPUT_MISMATCH");
        assertRefused(verifyStatement(file, "--errors=" + out), ExitCode.NO_PERMISSION, "OUTPUT_MISMATCH");
        assertRefused(verifyStatement(file, "--nonce=00"), ExitCode.NO_PERMISSION, "NONCE_MISMATCH");
        assertRefused(verifyStatement(file, "--bundle=" + Bytes.zeros(32)), ExitCode.NO_PERMISSION, "BUNDLE_REFUSED");
        assertRefused(verifyStatement(file, "--vm=" + new UUID(1, 2)), ExitCode.NO_PERMISSION, "STATEMENT_REFUSED");
        assertRefused(verifyStatement(file, "--configuration=" + Bytes.zeros(32)), ExitCode.NO_PERMISSION, "CONFIGURATION_REFUSED");
        assertRefused(verifyStatement(file, "--mrenclave=" + BUNDLE), ExitCode.NO_PERMISSION, "MRENCLAVE_REFUSED");
        assertRefused(verifyStatement(file, "--at=2099-01-01T00:00:00Z"), ExitCode.NO_PERMISSION, "CERTIFICATE_EXPIRED");
        assertRefused(verifyStatement(file, "--allow-simulation=", "--simulation-root="), ExitCode.NO_PERMISSION, "ROOT_UNTRUSTED");
        Files.write(collateral, platform.collateral().revokePlatform().build().toJson());
        assertRefused(verifyStatement(file, "--collateral=" + collateral), ExitCode.NO_PERMISSION, "PCK_REVOKED");
        Path changed = Files.writeString(folder.resolve("changed"), Files.readString(file).replace("\"exit\":0", "\"exit\":1"));
        assertRefused(verifyStatement(changed), ExitCode.NO_PERMISSION, "STATEMENT_SIGNATURE_INVALID");
        assertRefused(verifyStatement(quote), ExitCode.DATA, "STATEMENT_MALFORMED");
        assertRefused(verifyStatement(stated(null), "--vm=" + uuid), ExitCode.NO_PERMISSION, "STATEMENT_REFUSED");
        assertThat(verifyStatement(file, "--report-data=00").status()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void whatCannotBeReadIsNamed() throws IOException {
        assertRefused(run("attest", "show", Files.write(folder.resolve("junk"), new byte[500]).toString()), ExitCode.DATA, "QUOTE_UNSUPPORTED");
        assertRefused(run("attest", "show", Files.write(folder.resolve("none"), new byte[0]).toString()), ExitCode.DATA, "QUOTE_MALFORMED");
        assertRefused(run("attest", "show", Files.writeString(folder.resolve("odd"), "030").toString()), ExitCode.DATA, "QUOTE_MALFORMED");
        assertRefused(run("attest", "show", Files.writeString(folder.resolve("pem"), "-----BEGIN X").toString()), ExitCode.DATA,
                "CERTIFICATE_MALFORMED");
        assertRefused(run("attest", "show", root.toString()), ExitCode.DATA, "EVIDENCE_MISSING");
        byte[] cut = Arrays.copyOf(Files.readAllBytes(quote), 700);
        assertRefused(run("attest", "show", Files.write(folder.resolve("cut"), cut).toString()), ExitCode.DATA, "QUOTE_MALFORMED");
        Files.writeString(collateral, "{}");
        assertRefused(verify(quote), ExitCode.DATA, "COLLATERAL_MALFORMED");
        Outcome missing = run("attest", "show", "/no/such/file");
        assertThat(missing.status()).isEqualTo(ExitCode.NO_INPUT);
        assertThat(missing.err()).contains("/no/such/file");
    }

    @Test
    void wrongOptionsAreUsageErrors() {
        assertThat(run("attest", "verify", "FILE").err()).contains("--mrenclave", "--bundle");
        for (String wrong : List.of("--mrenclave=00", "--mrsigner=xyz", "--product=65536", "--min-svn=-1", "--accept=Revoked", "--at=now",
                "--allow-simulation=", "--collateral=", "--output=x", "--vm=x", "--nonce=00", "--report-data=0")) {
            Outcome outcome = verify(quote, wrong);
            assertThat(outcome.status()).as(wrong).isEqualTo(ExitCode.USAGE);
            assertThat(outcome.err()).contains("--help");
        }
        assertThat(run("attest", "verify", "--help").out()).contains("Exit status: 0", "Examples:");
    }
}
