package io.scwatcher.cli;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.Reason;
import io.scwatcher.attestation.policy.Requirement;
import io.scwatcher.attestation.quote.Quote;
import io.scwatcher.attestation.ratls.Attested;
import io.scwatcher.enclave.statement.SignedStatement;
import io.scwatcher.enclave.statement.Statement;
import io.scwatcher.enclave.statement.Statement.Capture;
import io.scwatcher.enclave.statement.Statement.SeenVm;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A statement whose signature and enclave are verified: what else is demanded of it, what it proves, and what it does not. */
final class StatementReport {
    private final SignedStatement signed;
    private final Statement statement;
    private final Attested enclave;
    private final List<String> proves = new ArrayList<>();
    private final List<String> provesNot = new ArrayList<>();

    StatementReport(SignedStatement signed, Attested enclave) {
        this.signed = signed;
        this.statement = signed.statement();
        this.enclave = enclave;
        proves.add("an enclave as the policy demands it ran this command, with tools of this bundle and this input, for the owner of the key " + statement.tenant());
        proves.add("it ended with status " + statement.exit() + (statement.verdict().isEmpty() ? "" : ", ended by the layer: " + printable(statement.verdict())));
        vm(statement.vm());
        provesNot.add("when: the times are by the enclave's clock, which the host sets");
        if (enclave.verdict() == null || enclave.verdict().isSimulated()) {
            provesNot.add("anything against whoever runs the simulation: its enclave and its keys are open to them");
        }
    }

    private void vm(SeenVm vm) {
        if (vm == null) {
            proves.add("it saw no VM");
            return;
        }
        proves.add("it saw the VM " + vm.uuid() + ", of one start of its hypervisor's process, as an agent with a key of the enclave's configuration serves it");
        if (vm.capture() == Capture.LIVE) {
            provesNot.add("one moment: the VM ran on while it was read");
        }
        if (vm.anomalies() > 0) {
            provesNot.add("all that was in the VM: " + vm.anomalies() + " structures were broken, and what could be read of them was shown");
        }
        provesNot.add("that the VM's kernel keeps its books as it should: an intruder there can change what lies in its memory");
    }

    /** @param demanded null if none is */
    void requireNonce(Bytes demanded) throws AttestationException {
        if (demanded == null) {
            provesNot.add("that it is new: no nonce was demanded");
        } else if (statement.nonce().equals(demanded)) {
            proves.add("it ran after the nonce was chosen");
        } else {
            throw new AttestationException(Reason.NONCE_MISMATCH, "the statement has another nonce, so that it may be old");
        }
    }

    void requireBundle(Requirement<Bytes> bundle) throws AttestationException {
        if (!bundle.accepts(statement.bundle())) {
            throw new AttestationException(Reason.BUNDLE_REFUSED, "the command's tools were of the bundle " + statement.bundle() + ", which is not the one demanded");
        }
    }

    /** @param uuid null if none is demanded */
    void requireVm(String uuid) throws AttestationException {
        if (uuid != null && (statement.vm() == null || !statement.vm().uuid().toString().equalsIgnoreCase(uuid))) {
            throw new AttestationException(Reason.STATEMENT_REFUSED,
                    "the statement is about " + (statement.vm() == null ? "no VM" : "the VM " + statement.vm().uuid()) + ", not about " + uuid);
        }
    }

    /** @param output null if there is nothing to compare, errors likewise */
    void requireOutput(Path output, Path errors) throws IOException, AttestationException {
        require("standard output", output, statement.output());
        require("standard error", errors, statement.errors());
    }

    private void require(String what, Path file, Statement.Stream stated) throws IOException, AttestationException {
        String size = stated.length() + (stated.length() == 1 ? " byte" : " bytes");
        if (file == null) {
            proves.add("it wrote " + size + " to its " + what + ", with the SHA-256 " + stated.sha256());
            return;
        }
        MessageDigest digest = sha256();
        long length;
        try (InputStream in = Files.newInputStream(file)) {
            length = in.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
        }
        if (!stated.is(length, Bytes.of(digest.digest()))) {
            throw new AttestationException(Reason.OUTPUT_MISMATCH, file + " is not what the command wrote to its " + what + ", which was " + size + " with the SHA-256 "
                    + stated.sha256());
        }
        proves.add(file + " is what it wrote to its " + what + ", all " + size);
    }

    /** For a terminal: the words are a tenant's and a VM's. */
    private static String printable(String word) {
        String plain = word.replaceAll("\\p{Cc}", "?");
        return plain.isEmpty() || plain.contains(" ") ? '"' + plain + '"' : plain;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    void print(boolean json) throws AttestationException {
        EvidenceReport report = new EvidenceReport().line("verified", true);
        if (json) {
            report.line("statement", statement.members()).line("proves", proves).line("provesNot", provesNot);
        } else {
            report.line("command", statement.command().stream().map(StatementReport::printable).collect(Collectors.joining(" "))).line("bundle", statement.bundle());
            if (statement.vm() != null) {
                report.line("vm", statement.vm().uuid() + ", Linux " + printable(statement.vm().release()) + ", " + statement.vm().capture().name().toLowerCase(java.util.Locale.ROOT));
            }
            report.line("exit", statement.exit()).line("started", statement.started()).line("ended", statement.ended());
            report.each("proves", proves).each("does not prove", provesNot);
        }
        report.verdict(enclave.verdict()).evidence(new EvidenceFile(null, signed.evidence(), Quote.parse(signed.evidence().statement().toArray()))).print(json);
    }
}
