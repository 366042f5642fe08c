package io.scwatcher.cli;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.Reason;
import io.scwatcher.attestation.dcap.Certificates;
import io.scwatcher.attestation.dcap.Collateral;
import io.scwatcher.attestation.dcap.DcapVerifier;
import io.scwatcher.attestation.dcap.TcbStatus;
import io.scwatcher.attestation.dcap.TrustAnchor;
import io.scwatcher.attestation.dcap.Verdict;
import io.scwatcher.attestation.policy.Policy;
import io.scwatcher.attestation.policy.Requirement;
import io.scwatcher.attestation.ratls.Attested;
import io.scwatcher.attestation.ratls.RaTlsVerifier;
import io.scwatcher.enclave.statement.SignedStatement;
import io.scwatcher.enclave.statement.StatementVerifier;
import io.scwatcher.host.StateDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/** {@code scwatcher attest verify}: whether a quote or certificate is right, and good enough. */
final class AttestVerifyCommand extends Command {
    private static final String ANY = "any";

    private final Supplier<List<String>> files = operands(0, "FILE",
            "A quote (its bytes, or hexadecimal) or an RA-TLS certificate (DER or PEM); nothing with --statement.");
    private final Supplier<Path> statement = option(Path.class, "--statement", "FILE",
            "Verify what an enclave stated about a command, as 'scwatcher run --statement' wrote it.").orNull();
    private final Supplier<Path> output = option(Path.class, "--output", "FILE",
            "With --statement: what was kept of the command's standard output; it must be that, to the byte.").orNull();
    private final Supplier<Path> errors = option(Path.class, "--errors", "FILE",
            "With --statement: the same for its standard error.").orNull();
    private final Supplier<String> vm = option(String.class, "--vm", "UUID",
            "With --statement: the VM that the command must have seen.").orNull();
    private final Supplier<Path> collateral = option(Path.class, "--collateral", "FILE",
            "Not needed with --statement, which brings its own, but preferred to that: what the platform's vendor published about it: one JSON object with tcb_info_issuer_chain, tcb_info, qe_identity_issuer_chain,"
            + " qe_identity (answers of Intel's service, or their bodies with a ..._signature beside each), root_ca_crl and pck_crl.").orNull();
    private final Supplier<String> mrEnclave = option(String.class, "--mrenclave", "HEX|any", "The measurement that the enclave must have.")
            .required();
    private final Supplier<String> mrSigner = option(String.class, "--mrsigner", "HEX|any",
            "The digest of the key that must have signed the enclave.").required();
    private final Supplier<String> product = option(String.class, "--product", "N|any", "The product id that the signer must have given it.")
            .required();
    private final Supplier<String> minimumSvn = option(String.class, "--min-svn", "N|any", "The least security version.").required();
    private final Supplier<String> bundle = option(String.class, "--bundle", "HEX|any",
            "The digest of the bundle that the claims of a certificate, or the statement, must name, as 'scwatcher bundle build' prints it.").required();
    private final Supplier<String> configuration = option(String.class, "--configuration", "HEX|any",
            "The SHA-256 of the enclave's configuration file that the claims of a certificate or of the statement's key must name.").required();
    private final Supplier<String[]> accept = option(String[].class, "--accept", "STATUS",
            "Which status of the platform is good enough: UpToDate, SWHardeningNeeded, ConfigurationNeeded, ConfigurationAndSWHardeningNeeded,"
            + " TDRelaunchAdvised, TDRelaunchAdvisedConfigurationNeeded, OutOfDate, OutOfDateConfigurationNeeded.").orElse("UpToDate");
    private final Supplier<Integer> minimumEvaluation = option(Integer.class, "--min-evaluation", "N",
            "The least tcbEvaluationDataNumber of the collateral: nobody can bring older collateral than that.").orElse("0");
    private final Supplier<Boolean> allowDebug = flag("--allow-debug", "Accept debug enclaves, which their host can read.");
    private final Supplier<Boolean> allowSimulation = flag("--allow-simulation",
            "Accept a simulated platform, whose quotes prove nothing.");
    private final Supplier<Path> simulationRoot = option(Path.class, "--simulation-root", "FILE",
            "The root certificate of the simulated platform, DER or PEM. Default: that of your own platform on this machine.").orNull();
    private final Supplier<String> reportData = option(String.class, "--report-data", "HEX", "The 64 bytes that the quote must be about.").orNull();
    private final Supplier<String> nonce = option(String.class, "--nonce", "HEX", "The nonce that the claims of a certificate, or the statement, must have.").orNull();
    private final Supplier<String> at = option(String.class, "--at", "TIME",
            "Verify as of then, like 2025-06-25T00:00:00Z. Default: now.").orNull();
    private final Supplier<Boolean> json = flag("--json", "Print one JSON object, also for what is refused.");

    AttestVerifyCommand() {
        super("verify", "Verifies a quote, an RA-TLS certificate or an enclave's statement about a command: its signatures and certificates up to Intel's root, revocation, dates, the"
                + " quoting enclave, the platform's status; for a certificate also that the quote is about its key; for a statement that such a key signed it; then what you demand"
                + " of the enclave.", "Nothing is demanded or waived by default: each demand must be given, or be 'any'. Nothing is fetched.", "");
        showDefaults();
        footer("", "Exit status: 0 if all is right and good enough; 77 if it is refused; 65 if something cannot be read; 66 if a file is missing.",
                "What is refused is told on standard error, with the reason's name in brackets.", "", "Examples:",
                "  scwatcher attest verify quote.bin --collateral collateral.json \\",
                "      --mrenclave \"$MEASURED\" --mrsigner any --product any --min-svn any \\",
                "      --bundle any --configuration any",
                "  scwatcher attest verify enclave.pem --collateral collateral.json \\",
                "      --mrenclave any --mrsigner \"$SIGNER\" --product 1 --min-svn 8 \\",
                "      --bundle \"$DIGEST\" --configuration any --accept UpToDate,SWHardeningNeeded --json",
                "  scwatcher attest verify --statement ps.statement --output ps.txt --nonce \"$NONCE\" \\",
                "      --vm \"$UUID\" --mrenclave \"$MEASURED\" --mrsigner any --product any --min-svn any \\",
                "      --bundle \"$DIGEST\" --configuration \"$CONFIGURATION\"");
    }

    @Override
    public Integer call() throws IOException, AttestationException {
        requireOneFile();
        Policy policy = policy();
        Clock clock = clock();
        Bytes demandedData = reportData.get() == null ? null : hex("--report-data", reportData.get());
        Bytes demandedNonce = nonce.get() == null ? null : hex("--nonce", nonce.get());
        try {
            DcapVerifier verifier = new DcapVerifier(anchors(), allowSimulation.get(), clock);
            Collateral given = collateral.get() == null ? null : Collateral.parse(EvidenceFile.content(collateral.get()));
            if (statement.get() != null) {
                statementReport(new RaTlsVerifier(verifier, policy, List.of(), clock), given, demandedNonce).print(json.get());
                return ExitCode.OK;
            }
            EvidenceFile evidence = EvidenceFile.read(Path.of(files.get().getFirst()));
            Verdict verdict = verdict(evidence, verifier, given, policy, demandedNonce, clock);
            if (demandedData != null && !evidence.quote().body().reportData().equals(demandedData)) {
                throw new AttestationException(Reason.CLAIMS_UNBOUND, "the quote is about other report data");
            }
            new EvidenceReport().line("verified", true).verdict(verdict).evidence(evidence).print(json.get());
            return ExitCode.OK;
        } catch (AttestationException e) {
            if (json.get()) {
                new EvidenceReport().line("verified", false).line("reason", e.reason()).line("message", e.getMessage()).print(true);
            }
            throw e;
        }
    }

    private Verdict verdict(EvidenceFile evidence, DcapVerifier verifier, Collateral given, Policy policy, Bytes demandedNonce, Clock clock)
            throws AttestationException {
        if (evidence.certificate() == null) {
            if (demandedNonce != null) {
                throw wrong("--nonce is for certificates: a quote alone has no claims");
            }
            Verdict verdict = verifier.verify(evidence.quote(), given);
            policy.check(verdict, null, null);
            return verdict;
        }
        if (evidence.quote() == null) {
            throw new AttestationException(Reason.PROVISIONED_UNTRUSTED,
                    "the certificate has a provisioned key's statement instead of a quote, which this command has no authority for");
        }
        try {
            return new RaTlsVerifier(verifier, policy, List.of(), clock)
                    .verify(evidence.certificate().getEncoded(), _ -> given, demandedNonce).verdict();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("it was read from its encoding", e);
        }
    }

    private void requireOneFile() {
        if (statement.get() != null) {
            if (!files.get().isEmpty() || reportData.get() != null) {
                throw wrong("--statement takes neither another file nor --report-data");
            }
            return;
        }
        if (files.get().size() != 1 || collateral.get() == null) {
            throw wrong("one FILE and its --collateral, or --statement");
        }
        if (output.get() != null || errors.get() != null || vm.get() != null) {
            throw wrong("--output, --errors and --vm go with --statement");
        }
    }

    private StatementReport statementReport(RaTlsVerifier verifier, Collateral given, Bytes demandedNonce) throws IOException, AttestationException {
        SignedStatement signed = SignedStatement.parse(EvidenceFile.content(statement.get()));
        Attested enclave = new StatementVerifier(verifier).verify(signed, given);
        StatementReport report = new StatementReport(signed, enclave);
        report.requireNonce(demandedNonce);
        report.requireBundle(requirement(bundle.get(), text -> measurement("--bundle", text)));
        report.requireVm(vm.get());
        report.requireOutput(output.get(), errors.get());
        return report;
    }

    private Policy policy() {
        return Policy.builder().mrEnclave(requirement(mrEnclave.get(), text -> measurement("--mrenclave", text)))
                .mrSigner(requirement(mrSigner.get(), text -> measurement("--mrsigner", text)))
                .productId(requirement(product.get(), text -> number("--product", text)))
                .minimumSvn(requirement(minimumSvn.get(), text -> number("--min-svn", text)))
                .bundle(statement.get() != null ? Requirement.any() : requirement(bundle.get(), text -> measurement("--bundle", text)))
                .configuration(requirement(configuration.get(), text -> measurement("--configuration", text)))
                .statuses(statuses()).minimumEvaluation(minimumEvaluation.get()).allowDebug(allowDebug.get()).build();
    }

    private <T> Requirement<T> requirement(String text, Function<String, T> parse) {
        return text.equals(ANY) ? Requirement.any() : Requirement.is(parse.apply(text));
    }

    private Bytes measurement(String option, String text) {
        Bytes value = hex(option, text);
        if (value.length() != 32) {
            throw wrong(option + ": 32 bytes in hexadecimal, or any");
        }
        return value;
    }

    private Bytes hex(String option, String text) {
        try {
            return Bytes.ofHex(text);
        } catch (IllegalArgumentException e) {
            throw wrong(option + ": " + text + " is not hexadecimal");
        }
    }

    private int number(String option, String text) {
        if (text.matches("\\d{1,5}") && Integer.parseInt(text) <= 0xffff) {
            return Integer.parseInt(text);
        }
        throw wrong(option + ": a number from 0 to 65535, or any");
    }

    private Set<TcbStatus> statuses() {
        Set<TcbStatus> statuses = EnumSet.noneOf(TcbStatus.class);
        for (String text : accept.get()) {
            statuses.add(Arrays.stream(TcbStatus.values()).filter(one -> one != TcbStatus.REVOKED && one.toString().equalsIgnoreCase(text))
                    .findFirst().orElseThrow(() -> wrong("--accept: " + text + " is no status that can be accepted")));
        }
        return statuses;
    }

    private Clock clock() {
        try {
            return at.get() == null ? Clock.systemUTC() : Clock.fixed(Instant.parse(at.get()), ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw wrong("--at: a time like 2025-06-25T00:00:00Z");
        }
    }

    private List<TrustAnchor> anchors() throws IOException, AttestationException {
        List<TrustAnchor> anchors = new ArrayList<>(List.of(TrustAnchor.INTEL));
        if (simulationRoot.get() != null) {
            if (!allowSimulation.get()) {
                throw wrong("--simulation-root goes with --allow-simulation");
            }
            anchors.add(TrustAnchor.simulation(Certificates.read(EvidenceFile.content(simulationRoot.get()))));
        } else if (allowSimulation.get()) {
            if (!Files.exists(StateDirectory.simulatedPlatformFile())) {
                throw wrong("--allow-simulation needs --simulation-root: there is no simulated platform of yours on this machine");
            }
            anchors.add(StateDirectory.simulatedPlatform().anchor());
        }
        return anchors;
    }
}
