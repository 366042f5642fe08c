package io.scwatcher.cli;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.Reason;
import io.scwatcher.attestation.dcap.Certificates;
import io.scwatcher.attestation.quote.Quote;
import io.scwatcher.attestation.ratls.Evidence;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;

/**
 * A file with a quote, in its bytes or in hexadecimal, or with an RA-TLS certificate, in DER or PEM.
 *
 * @param certificate null for a quote
 * @param evidence null for a quote
 * @param quote null for a provisioned key's certificate
 */
record EvidenceFile(X509Certificate certificate, Evidence evidence, Quote quote) {
    private static final int MAX_LENGTH = 1 << 20;
    private static final int DER_SEQUENCE = 0x30;
    private static final int DER_LONG = 0x80;

    static EvidenceFile read(Path file) throws IOException, AttestationException {
        byte[] content = content(file);
        String text = new String(content, StandardCharsets.ISO_8859_1).strip();
        if (text.startsWith("-----BEGIN ")) {
            return ofCertificate(Certificates.read(text.getBytes(StandardCharsets.ISO_8859_1)));
        }
        if (text.length() > 1 && text.matches("[0-9A-Fa-f\\s]+")) {
            try {
                content = Bytes.ofHex(text.replaceAll("\\s", "")).toArray();
            } catch (IllegalArgumentException e) {
                throw new AttestationException(Reason.QUOTE_MALFORMED, file + " has half a byte too many");
            }
        }
        if (content.length > 1 && content[0] == DER_SEQUENCE && (content[1] & DER_LONG) != 0) {
            return ofCertificate(Certificates.read(content));
        }
        return new EvidenceFile(null, null, Quote.parse(content));
    }

    static byte[] content(Path file) throws IOException {
        try (InputStream stream = Files.newInputStream(file)) {
            byte[] content = stream.readNBytes(MAX_LENGTH + 1);
            if (content.length > MAX_LENGTH) {
                throw new IOException(file + " is longer than any quote, certificate or collateral");
            }
            return content;
        }
    }

    private static EvidenceFile ofCertificate(X509Certificate certificate) throws AttestationException {
        Evidence evidence = Evidence.in(certificate);
        return new EvidenceFile(certificate, evidence,
                evidence.form().hasQuote() ? Quote.parse(evidence.statement().toArray()) : null);
    }
}
