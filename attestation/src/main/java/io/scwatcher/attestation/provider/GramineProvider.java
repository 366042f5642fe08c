package io.scwatcher.attestation.provider;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Quotes by Gramine's pseudo-files (Gramine documentation, "Attestation and Secret Provisioning", low-level interface). */
final class GramineProvider implements QuoteProvider {
    private static final int MAX_QUOTE = 8192;
    /** The files belong to the process, and what is written to one decides what is read from another. */
    private static final Object FILES = new Object();

    private final Path directory;

    /** @throws AttestationException PROVIDER_UNAVAILABLE if Gramine doesn't offer DCAP here */
    GramineProvider(Path directory) throws AttestationException {
        this.directory = directory;
        Path type = directory.resolve("attestation_type");
        String found;
        try (InputStream file = Files.newInputStream(type)) {
            found = new String(file.readNBytes(64), StandardCharsets.ISO_8859_1).strip();
        } catch (IOException e) {
            throw new AttestationException(Reason.PROVIDER_UNAVAILABLE,
                    type + " cannot be read: this is no enclave of Gramine, or its manifest lacks sgx.remote_attestation = \"dcap\"", e);
        }
        if (!found.equals("dcap")) {
            throw new AttestationException(Reason.PROVIDER_UNAVAILABLE,
                    "Gramine offers attestation of type \"" + found + "\": set sgx.remote_attestation = \"dcap\" in the manifest");
        }
    }

    @Override
    public Kind kind() {
        return Kind.GRAMINE;
    }

    @Override
    public byte[] quote(Bytes reportData) throws AttestationException {
        ByteBuffer data = ByteBuffer.wrap(QuoteProvider.checked(reportData).toArray());
        synchronized (FILES) {
            try {
                // Each write replaces all of what was written before, so that it must be a single one.
                try (FileChannel file = FileChannel.open(directory.resolve("user_report_data"), StandardOpenOption.WRITE)) {
                    if (file.write(data) != REPORT_DATA_LENGTH) {
                        throw new IOException("user_report_data took only a part");
                    }
                }
                // The quote is made when its file is opened, whose size is said to be 0.
                try (InputStream file = Files.newInputStream(directory.resolve("quote"))) {
                    byte[] quote = file.readNBytes(MAX_QUOTE + 1);
                    if (quote.length == 0 || quote.length > MAX_QUOTE) {
                        throw new IOException("quote has " + (quote.length == 0 ? "no bytes" : "more than " + MAX_QUOTE + " bytes"));
                    }
                    return quote;
                }
            } catch (IOException e) {
                throw new AttestationException(Reason.PROVIDER_FAILED, "Gramine made no quote (" + e.getMessage()
                        + "): is the AESM service of the host running, and can it reach a provisioning service?", e);
            }
        }
    }
}
