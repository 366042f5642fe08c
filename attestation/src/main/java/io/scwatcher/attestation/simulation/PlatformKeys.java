package io.scwatcher.attestation.simulation;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.Reason;
import io.scwatcher.attestation.dcap.Certificates;
import io.scwatcher.attestation.encoding.Cbor;
import io.scwatcher.attestation.encoding.CborWriter;
import io.scwatcher.attestation.encoding.P256;
import io.scwatcher.attestation.encoding.X509Writer;
import io.scwatcher.attestation.encoding.X509Writer.Extension;
import io.scwatcher.attestation.encoding.X509Writer.Party;
import io.scwatcher.attestation.encoding.X509Writer.Use;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The keys of a simulated platform and of the simulated vendor behind it, with their certificates: root, CA of platforms, platform
 * (PCK) and signer of TCB information. The quoting enclave's attestation key has no certificate, as in reality.
 */
record PlatformKeys(Holder root, Holder authority, Holder platform, Holder tcbSigner, Holder attestation) {
    private static final Duration CLOCKS_DIFFER = Duration.ofDays(1);
    private static final Duration LIFETIME = Duration.ofDays(3650);

    /** @param certificate null for the attestation key */
    record Holder(Party party, X509Certificate certificate) {}

    static PlatformKeys generate(Instant now, Bytes sgxExtensions) throws GeneralSecurityException {
        Party root = party("SCwatcher Simulation SGX Root CA");
        Party authority = party("SCwatcher Simulation SGX PCK Platform CA");
        return new PlatformKeys(certified(root, root, now, Use.AUTHORITY, List.of()), certified(authority, root, now, Use.AUTHORITY, List.of()),
                certified(party("SCwatcher Simulation SGX PCK Certificate"), authority, now, Use.SIGNATURE,
                        List.of(new Extension(SimulatedPlatform.SGX_EXTENSIONS, false, sgxExtensions))),
                certified(party("SCwatcher Simulation SGX TCB Signing"), root, now, Use.SIGNATURE, List.of()),
                new Holder(party("SCwatcher Simulation Attestation Key"), null));
    }

    private static Party party(String name) throws GeneralSecurityException {
        KeyPair keys = P256.generate();
        return new Party(name, keys.getPublic(), keys.getPrivate());
    }

    private static Holder certified(Party subject, Party issuer, Instant now, Use use, List<Extension> extensions)
            throws GeneralSecurityException {
        BigInteger serial = new BigInteger(127, new SecureRandom()).setBit(126);
        return new Holder(subject, X509Writer.certificate(subject, issuer, serial, now.minus(CLOCKS_DIFFER), now.plus(LIFETIME), use, extensions));
    }

    Bytes encode() throws GeneralSecurityException {
        Bytes[] items = new Bytes[5];
        int count = 0;
        for (Holder one : List.of(root, authority, platform, tcbSigner, attestation)) {
            items[count++] = CborWriter.array(CborWriter.text(one.party.commonName()), CborWriter.octets(P256.raw(one.party.publicKey())),
                    CborWriter.octets(Bytes.of(one.party.privateKey().getEncoded())),
                    CborWriter.octets(one.certificate == null ? Bytes.EMPTY : Bytes.of(one.certificate.getEncoded())));
        }
        return CborWriter.array(items);
    }

    static PlatformKeys decode(Bytes saved) throws AttestationException {
        List<Cbor> items = Cbor.parse(saved).items(5);
        return new PlatformKeys(holder(items.get(0)), holder(items.get(1)), holder(items.get(2)), holder(items.get(3)), holder(items.get(4)));
    }

    private static Holder holder(Cbor item) throws AttestationException {
        List<Cbor> parts = item.items(4);
        Bytes certificate = parts.get(3).octets();
        try {
            PrivateKey key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(parts.get(2).octets().toArray()));
            Party party = new Party(parts.get(0).text(), P256.publicKey(parts.get(1).octets()), key);
            return new Holder(party, certificate.length() == 0 ? null : Certificates.parse(certificate.toArray()));
        } catch (AttestationException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw new AttestationException(Reason.PROVIDER_FAILED, "the simulated platform's saved keys cannot be read", e);
        }
    }
}
