package io.scwatcher.attestation.dcap;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.Reason;
import java.io.IOException;
import java.security.PublicKey;
import java.util.Arrays;
import io.scwatcher.attestation.encoding.P256;

/**
 * A JSON object and its signature, which is over the object's bytes exactly as they came.
 *
 * @param body the object's bytes
 * @param signature r and s, 64 bytes
 */
public record SignedDocument(Bytes body, Bytes signature) {
    /**
     * Takes an answer of Intel's provisioning certification service apart: an object with the document and "signature".
     *
     * @param member the document's name: "tcbInfo" or "enclaveIdentity"
     * @throws AttestationException COLLATERAL_MALFORMED
     */
    public static SignedDocument ofAnswer(byte[] answer, String member) throws AttestationException {
        Bytes body = null;
        Bytes signature = null;
        try (JsonParser parser = Json.MAPPER.createParser(answer)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw malformed(member, "is no JSON object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (name.equals(member) && value == JsonToken.START_OBJECT) {
                    int from = (int) parser.currentTokenLocation().getByteOffset();
                    parser.skipChildren();
                    int to = (int) parser.currentLocation().getByteOffset();
                    body = Bytes.of(Arrays.copyOfRange(answer, from, to));
                } else if (name.equals("signature") && value == JsonToken.VALUE_STRING) {
                    signature = signature(parser.getText(), member);
                } else {
                    throw malformed(member, "has \"" + name + "\", which does not belong there");
                }
            }
            if (parser.nextToken() != null) {
                throw malformed(member, "goes on after its end");
            }
        } catch (IOException e) {
            throw malformed(member, "is not JSON");
        }
        if (body == null || signature == null) {
            throw malformed(member, "lacks \"" + (body == null ? member : "signature") + "\"");
        }
        return new SignedDocument(body, signature);
    }

    static Bytes signature(String hex, String member) throws AttestationException {
        try {
            Bytes signature = Bytes.ofHex(hex);
            if (signature.length() == 64) {
                return signature;
            }
        } catch (IllegalArgumentException e) {
            // Told below.
        }
        throw malformed(member, "has a signature that is not 64 bytes in hexadecimal");
    }

    boolean isSignedBy(PublicKey key) {
        return P256.verifies(key, body.toArray(), signature);
    }

    private static AttestationException malformed(String member, String why) {
        return new AttestationException(Reason.COLLATERAL_MALFORMED, "the answer with \"" + member + "\" " + why);
    }
}
