package io.scwatcher.attestation.dcap;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a vendor publishes about its platforms and what quotes are judged by. It needs no protection on its way, since all of it is
 * signed; where it comes from is not this module's business. The PCK revocation list's issuer is the CA in the quote.
 *
 * @param tcbInfoChain PEM: the signer of the TCB information, the root
 * @param qeIdentityChain PEM: the signer of the QE identity, the root
 * @param rootCrl DER: by the root
 * @param pckCrl DER: by the CA of the platform's certificate
 */
public record Collateral(SignedDocument tcbInfo, Bytes tcbInfoChain, SignedDocument qeIdentity, Bytes qeIdentityChain, Bytes rootCrl,
        Bytes pckCrl) {
    private static final String CRL_LABEL = "X509 CRL-----";

    /**
     * Reads collateral from one JSON object with the members of Intel's sgx_ql_qve_collateral_t: "tcb_info_issuer_chain",
     * "tcb_info", "qe_identity_issuer_chain", "qe_identity", "root_ca_crl" and "pck_crl". A document is the answer of Intel's
     * service as a text, or its body alone with a "..._signature" beside it. Lists are DER in hexadecimal or base64, or PEM.
     *
     * @throws AttestationException COLLATERAL_MALFORMED
     */
    public static Collateral parse(byte[] file) throws AttestationException {
        Json json = Json.parse(Bytes.of(file), "the collateral", Reason.COLLATERAL_MALFORMED);
        return new Collateral(document(json, "tcb_info", "tcbInfo"), text(json, "tcb_info_issuer_chain"),
                document(json, "qe_identity", "enclaveIdentity"), text(json, "qe_identity_issuer_chain"), list(json, "root_ca_crl"),
                list(json, "pck_crl"));
    }

    private static SignedDocument document(Json json, String name, String member) throws AttestationException {
        Bytes content = text(json, name);
        return json.has(name + "_signature")
                ? new SignedDocument(content, SignedDocument.signature(json.text(name + "_signature"), member))
                : SignedDocument.ofAnswer(content.toArray(), member);
    }

    private static Bytes text(Json json, String name) throws AttestationException {
        return Bytes.of(json.text(name).getBytes(StandardCharsets.UTF_8));
    }

    private static Bytes list(Json json, String name) throws AttestationException {
        String text = json.text(name).strip();
        try {
            if (text.startsWith("-----BEGIN " + CRL_LABEL) && text.endsWith("-----END " + CRL_LABEL)) {
                String base64 = text.substring(("-----BEGIN " + CRL_LABEL).length(), text.length() - ("-----END " + CRL_LABEL).length());
                return Bytes.of(Base64.getDecoder().decode(base64.replaceAll("[\r\n]", "")));
            }
            return text.matches("[0-9A-Fa-f]*") ? Bytes.ofHex(text) : Bytes.of(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            throw json.wrong(name, "is neither hexadecimal nor base64 nor PEM");
        }
    }

    /** The form that {@link #parse} reads. */
    public byte[] toJson() {
        Map<String, String> members = new LinkedHashMap<>();
        members.put("tcb_info_issuer_chain", text(tcbInfoChain));
        members.put("tcb_info", text(tcbInfo.body()));
        members.put("tcb_info_signature", tcbInfo.signature().toString());
        members.put("qe_identity_issuer_chain", text(qeIdentityChain));
        members.put("qe_identity", text(qeIdentity.body()));
        members.put("qe_identity_signature", qeIdentity.signature().toString());
        members.put("root_ca_crl", rootCrl.toString());
        members.put("pck_crl", pckCrl.toString());
        try {
            return Json.MAPPER.writeValueAsBytes(members);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts are always JSON", e);
        }
    }

    private static String text(Bytes bytes) {
        return new String(bytes.toArray(), StandardCharsets.UTF_8);
    }
}
