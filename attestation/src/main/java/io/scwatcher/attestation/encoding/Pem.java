package io.scwatcher.attestation.encoding;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Reason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Certificates as text (RFC 7468, strict form): nothing but blocks, and no second way to write the same bytes. */
public final class Pem {
    private static final String LABEL = "CERTIFICATE-----";
    private static final String BEGIN = "-----BEGIN " + LABEL;
    private static final String END = "-----END " + LABEL;

    private Pem() {}

    /**
     * @param text blocks after each other; lines end in LF or CR LF, and one NUL may follow, as C programs write it
     * @param maximum how many blocks there may be
     */
    public static List<byte[]> certificates(byte[] text, int maximum) throws AttestationException {
        int length = text.length > 0 && text[text.length - 1] == 0 ? text.length - 1 : text.length;
        String content = new String(text, 0, length, StandardCharsets.ISO_8859_1).replace("\r\n", "\n");
        List<byte[]> blocks = new ArrayList<>();
        for (int at = 0; at < content.length();) {
            if (content.charAt(at) == '\n') {
                at++;
                continue;
            }
            int end = content.indexOf(END, at);
            if (!content.startsWith(BEGIN + "\n", at) || end < 0) {
                throw malformed("text that is no certificate");
            }
            if (blocks.size() == maximum) {
                throw malformed("more than " + maximum + " certificates");
            }
            blocks.add(decode(content.substring(at + BEGIN.length(), end).replace("\n", "")));
            at = end + END.length();
        }
        if (blocks.isEmpty()) {
            throw malformed("no certificate");
        }
        return blocks;
    }

    private static byte[] decode(String base64) throws AttestationException {
        try {
            byte[] decoded = Base64.getDecoder().decode(base64);
            if (!Base64.getEncoder().encodeToString(decoded).equals(base64)) {
                throw malformed("base64 with bits to spare");
            }
            return decoded;
        } catch (IllegalArgumentException e) {
            throw malformed("not base64");
        }
    }

    public static String certificate(byte[] der) {
        return BEGIN + "\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n" + END + "\n";
    }

    private static AttestationException malformed(String why) {
        return new AttestationException(Reason.CERTIFICATE_MALFORMED, "malformed PEM: " + why);
    }
}
