package io.scwatcher.attestation.ratls;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.Reason;
import io.scwatcher.attestation.encoding.Cbor;
import io.scwatcher.attestation.encoding.CborWriter;
import io.scwatcher.attestation.encoding.Der;
import io.scwatcher.attestation.provider.QuoteProvider;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Evidence about a key, as it stands in an RA-TLS certificate or is sent by itself. Not believed.
 *
 * @param statement a quote, or a provisioned key's statement
 * @param claims null in Gramine's legacy form, whose quote is about the certificate's key directly
 */
public record Evidence(Form form, Bytes statement, Bytes claims) {
    /** Interoperable RA-TLS: the extension of TCG's DICE evidence with CBOR 60000([quote, claims]). */
    static final String EXTENSION = "2.23.133.5.4.9";
    /** Gramine's own extension, and what it comes to with the header that Gramine writes a second time into the identifier. */
    static final List<String> LEGACY = List.of("1.2.840.113741.1337.6", "0.6.9.42.840.113741.1337.6");

    private static final int QUOTE = 60_000;
    /** "SC": our own, for a form that the specification doesn't have. */
    private static final int PROVISIONED = 0x5343;

    /** What a provider says about claims. */
    public static Evidence of(QuoteProvider provider, Claims claims) throws AttestationException {
        return new Evidence(provider.kind().isQuote() ? Form.INTEROPERABLE : Form.PROVISIONED, Bytes.of(provider.quote(claims.reportData())),
                claims.encoded());
    }

    /** @throws AttestationException EVIDENCE_MISSING or EVIDENCE_MALFORMED */
    public static Evidence in(X509Certificate certificate) throws AttestationException {
        byte[] extension = certificate.getExtensionValue(EXTENSION);
        if (extension != null) {
            return parse(unwrap(extension));
        }
        for (String legacy : LEGACY) {
            byte[] quote = certificate.getExtensionValue(legacy);
            if (quote != null) {
                return new Evidence(Form.GRAMINE_LEGACY, unwrap(quote), null);
            }
        }
        throw new AttestationException(Reason.EVIDENCE_MISSING, "the certificate has no extension with a quote");
    }

    private static Bytes unwrap(byte[] extension) throws AttestationException {
        return Der.parse(extension).octets();
    }

    /**
     * Reads what {@link #encode} writes.
     *
     * @throws AttestationException EVIDENCE_MALFORMED
     */
    public static Evidence parse(Bytes cbor) throws AttestationException {
        if (!(Cbor.parse(cbor) instanceof Cbor.Tagged(int tag, Cbor item)) || tag != QUOTE && tag != PROVISIONED) {
            throw new AttestationException(Reason.EVIDENCE_MALFORMED, "the certificate's evidence is of a kind that is not known here");
        }
        List<Cbor> parts = item.items(2);
        return new Evidence(tag == QUOTE ? Form.INTEROPERABLE : Form.PROVISIONED, parts.getFirst().octets(), parts.getLast().octets());
    }

    /**
     * CBOR, as in the interoperable form's extension.
     *
     * @throws IllegalStateException for the legacy form, which has none
     */
    public Bytes encode() {
        if (claims == null) {
            throw new IllegalStateException("Gramine's legacy form has no CBOR");
        }
        return CborWriter.tagged(form == Form.PROVISIONED ? PROVISIONED : QUOTE,
                CborWriter.array(CborWriter.octets(statement), CborWriter.octets(claims)));
    }
}
