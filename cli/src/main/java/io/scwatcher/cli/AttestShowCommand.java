package io.scwatcher.cli;

import io.scwatcher.attestation.AttestationException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Supplier;

/** {@code scwatcher attest show}: what a quote or certificate says, without believing it. */
final class AttestShowCommand extends Command {
    private final Supplier<Path> file = operand(Path.class, "FILE",
            "A quote (its bytes, or hexadecimal) or an RA-TLS certificate (DER or PEM).");
    private final Supplier<Boolean> json = flag("--json", "Print one JSON object.");

    AttestShowCommand() {
        super("show", "Shows what a quote or an RA-TLS certificate says.", "Nothing of it is verified: anybody can write such a file.", "");
        footer("", "Exit status: 0; 65 if the file is neither; 66 if there is no such file.");
    }

    @Override
    public Integer call() throws IOException, AttestationException {
        new EvidenceReport().evidence(EvidenceFile.read(file.get())).print(json.get());
        return ExitCode.OK;
    }
}
