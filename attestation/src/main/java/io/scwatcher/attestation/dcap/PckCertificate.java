package io.scwatcher.attestation.dcap;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.Reason;
import io.scwatcher.attestation.encoding.Der;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a platform's certificate of its provisioning certification key (PCK) says about the platform (Intel SGX PCK Certificate and
 * CRL Profile Specification, 1.3.5, extension {@value #SGX_EXTENSIONS}).
 *
 * @param ppid 16 bytes: the platform's identifier
 * @param componentSvns 16 security versions
 * @param pceSvn the provisioning certification enclave's, 16 bits
 * @param cpuSvn 16 bytes: the raw form of the components
 * @param pceId 2 bytes
 * @param fmspc 6 bytes: the family of platforms
 */
public record PckCertificate(PublicKey key, Bytes ppid, Bytes componentSvns, int pceSvn, Bytes cpuSvn, Bytes pceId, Bytes fmspc) {
    public static final String SGX_EXTENSIONS = "1.2.840.113741.1.13.1";

    private static final String PPID = SGX_EXTENSIONS + ".1";
    private static final String TCB = SGX_EXTENSIONS + ".2";
    private static final String PCEID = SGX_EXTENSIONS + ".3";
    private static final String FMSPC = SGX_EXTENSIONS + ".4";
    private static final int COMPONENTS = 16;

    static PckCertificate of(X509Certificate certificate) throws AttestationException {
        byte[] extension = certificate.getExtensionValue(SGX_EXTENSIONS);
        if (extension == null) {
            throw new AttestationException(Reason.CERTIFICATE_INVALID, Certificates.name(certificate) + " says nothing about a platform");
        }
        Map<String, Der> platform = members(Der.parse(Der.parse(extension).octets().toArray()));
        Map<String, Der> tcb = members(member(platform, TCB));
        byte[] components = new byte[COMPONENTS];
        for (int i = 0; i < COMPONENTS; i++) {
            components[i] = (byte) member(tcb, TCB + "." + (i + 1)).number(Der.INTEGER, 0xff);
        }
        return new PckCertificate(certificate.getPublicKey(), member(platform, PPID).octets(16), Bytes.of(components),
                member(tcb, TCB + ".17").number(Der.INTEGER, 0xffff), member(tcb, TCB + ".18").octets(16), member(platform, PCEID).octets(2),
                member(platform, FMSPC).octets(6));
    }

    /** A sequence of pairs, each an identifier and a value. */
    private static Map<String, Der> members(Der sequence) throws AttestationException {
        Map<String, Der> members = new HashMap<>();
        for (Der pair : sequence.children(Der.SEQUENCE)) {
            List<Der> parts = pair.children(Der.SEQUENCE);
            if (parts.size() != 2 || members.put(parts.getFirst().identifier(), parts.getLast()) != null) {
                throw new AttestationException(Reason.CERTIFICATE_MALFORMED, "a platform's certificate has a member twice, or half");
            }
        }
        return members;
    }

    private static Der member(Map<String, Der> members, String identifier) throws AttestationException {
        Der member = members.get(identifier);
        if (member == null) {
            throw new AttestationException(Reason.CERTIFICATE_MALFORMED, "a platform's certificate lacks " + identifier);
        }
        return member;
    }
}
