package io.scwatcher.attestation.ratls;

import static io.scwatcher.attestation.Fixtures.ENCLAVE;
import static io.scwatcher.attestation.Fixtures.NOW;
import static io.scwatcher.attestation.Fixtures.PLATFORM;
import static io.scwatcher.attestation.Fixtures.clock;
import static io.scwatcher.attestation.Fixtures.refusal;
import static io.scwatcher.attestation.Fixtures.verifier;
import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.Reason;
import io.scwatcher.attestation.dcap.DcapVerifier;
import io.scwatcher.attestation.encoding.CborWriter;
import io.scwatcher.attestation.encoding.P256;
import io.scwatcher.attestation.encoding.X509Writer;
import io.scwatcher.attestation.encoding.X509Writer.Extension;
import io.scwatcher.attestation.encoding.X509Writer.Party;
import io.scwatcher.attestation.encoding.X509Writer.Use;
import io.scwatcher.attestation.policy.Policy;
import io.scwatcher.attestation.policy.Requirement;
import io.scwatcher.attestation.provider.QuoteProvider;
import io.scwatcher.attestation.provider.QuoteSource;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RaTlsTest {
    private static final Bytes BUNDLE = Bytes.sha256(new byte[] {20});
    private static final Bytes NONCE = Bytes.sha256(new byte[] {21});
    private static final Map<String, Bytes> CLAIMS = Map.of(Claims.BUNDLE, BUNDLE, Claims.NONCE, NONCE);

    private final KeyPair keys = P256.generate();
    private final QuoteProvider provider = new QuoteSource.Simulation(PLATFORM, ENCLAVE).open();

    RaTlsTest() throws GeneralSecurityException {}

    private static Policy policy() {
        return Policy.builder().mrEnclave(Requirement.is(ENCLAVE.mrEnclave())).mrSigner(Requirement.any()).productId(Requirement.any())
                .minimumSvn(Requirement.any()).bundle(Requirement.is(BUNDLE)).configuration(Requirement.any()).build();
    }

    private static RaTlsVerifier ratls(DcapVerifier dcap, Policy policy, X509Certificate... provisioners) {
        return new RaTlsVerifier(dcap, policy, List.of(provisioners), clock(NOW));
    }

    private X509Certificate certificate() throws AttestationException {
        return RaTlsCertificates.create(keys, provider, CLAIMS, NOW, Duration.ofHours(1));
    }

    private static Attested verify(X509Certificate certificate, Bytes nonce) throws GeneralSecurityException {
        return ratls(verifier(), policy()).verify(certificate.getEncoded(), _ -> PLATFORM.collateral().build(), nonce);
    }

    /** A certificate of some evidence, by whoever holds the keys. */
    private static X509Certificate certificate(KeyPair keys, String identifier, Bytes evidence) throws GeneralSecurityException {
        Party owner = new Party("Rogue", keys.getPublic(), keys.getPrivate());
        return X509Writer.certificate(owner, owner, BigInteger.ONE, NOW, NOW.plus(Duration.ofDays(1)), Use.SIGNATURE,
                List.of(new Extension(identifier, false, evidence)));
    }

    @Test
    void aCertificateOfOursIsAccepted() throws GeneralSecurityException {
        Attested attested = verify(certificate(), NONCE);
        assertThat(attested.form()).isEqualTo(Form.INTEROPERABLE);
        assertThat(attested.key()).isEqualTo(keys.getPublic());
        assertThat(attested.claims().value(Claims.BUNDLE)).isEqualTo(BUNDLE);
        assertThat(attested.verdict().isSimulated()).isTrue();
        KeyPairGenerator larger = KeyPairGenerator.getInstance("EC");
        larger.initialize(new ECGenParameterSpec("secp384r1"));
        assertThat(verify(RaTlsCertificates.create(larger.generateKeyPair(), provider, CLAIMS, NOW, Duration.ofHours(1)), null)).isNotNull();
    }

    @Test
    void theNonceMustBeTheOneThatWasSent() throws GeneralSecurityException {
        assertThat(refusal(() -> verify(certificate(), BUNDLE))).isEqualTo(Reason.NONCE_MISMATCH);
        X509Certificate without = RaTlsCertificates.create(keys, provider, Map.of(Claims.BUNDLE, BUNDLE), NOW, Duration.ofHours(1));
        assertThat(refusal(() -> verify(without, NONCE))).isEqualTo(Reason.NONCE_MISMATCH);
        assertThat(refusal(() -> verify(without, null))).isNull();
    }

    @Test
    void evidenceOfAnotherKeyIsRefused() throws GeneralSecurityException {
        Evidence stolen = Evidence.in(certificate());
        KeyPair rogue = P256.generate();
        assertThat(refusal(() -> verify(certificate(rogue, Evidence.EXTENSION, stolen.encode()), null))).isEqualTo(Reason.KEY_UNBOUND);
        Evidence relabelled = new Evidence(stolen.form(), stolen.statement(), Claims.about(rogue.getPublic(), CLAIMS).encoded());
        assertThat(refusal(() -> verify(certificate(rogue, Evidence.EXTENSION, relabelled.encode()), null))).isEqualTo(Reason.CLAIMS_UNBOUND);
        Evidence wrongQuote = new Evidence(stolen.form(), Bytes.of(PLATFORM.quote(ENCLAVE, Bytes.zeros(64))), stolen.claims());
        assertThat(refusal(() -> verify(certificate(keys, Evidence.EXTENSION, wrongQuote.encode()), null))).isEqualTo(Reason.CLAIMS_UNBOUND);
    }

    @Test
    void thePolicyAndTheVerifierDecide() throws GeneralSecurityException {
        X509Certificate certificate = certificate();
        X509Certificate other = RaTlsCertificates.create(keys, provider, Map.of(Claims.BUNDLE, NONCE), NOW, Duration.ofHours(1));
        assertThat(refusal(() -> verify(other, null))).isEqualTo(Reason.BUNDLE_REFUSED);
        assertThat(refusal(() -> ratls(DcapVerifier.intel(clock(NOW)), policy()).verify(certificate.getEncoded(),
                _ -> PLATFORM.collateral().build(), null))).isEqualTo(Reason.ROOT_UNTRUSTED);
        assertThat(refusal(() -> ratls(verifier(), policy()).verify(certificate.getEncoded(),
                _ -> PLATFORM.collateral().revokePlatform().build(), null))).isEqualTo(Reason.PCK_REVOKED);
        assertThat(refusal(() -> new RaTlsVerifier(verifier(), policy(), List.of(), clock(NOW.plus(Duration.ofDays(1))))
                .verify(certificate.getEncoded(), _ -> PLATFORM.collateral().build(), null))).isEqualTo(Reason.CERTIFICATE_EXPIRED);
    }

    @Test
    void graminesLegacyFormIsAcceptedInBothSpellings() throws GeneralSecurityException {
        Bytes quote = Bytes.of(PLATFORM.quote(ENCLAVE, Bytes.sha256(keys.getPublic().getEncoded()).concat(Bytes.zeros(32))));
        Policy anyBundle = Policy.builder().mrEnclave(Requirement.is(ENCLAVE.mrEnclave())).mrSigner(Requirement.any())
                .productId(Requirement.any()).minimumSvn(Requirement.any()).bundle(Requirement.any()).configuration(Requirement.any()).build();
        for (String identifier : Evidence.LEGACY) {
            X509Certificate legacy = certificate(keys, identifier, quote);
            assertThat(ratls(verifier(), anyBundle).verify(legacy.getEncoded(), _ -> PLATFORM.collateral().build(), null).form())
                    .isEqualTo(Form.GRAMINE_LEGACY);
            assertThat(refusal(() -> verify(legacy, null))).isEqualTo(Reason.BUNDLE_REFUSED);
            assertThat(refusal(() -> verify(legacy, NONCE))).isEqualTo(Reason.NONCE_MISMATCH);
            X509Certificate rogue = certificate(P256.generate(), identifier, quote);
            assertThat(refusal(() -> verify(rogue, null))).isEqualTo(Reason.KEY_UNBOUND);
        }
    }

    @Test
    void aCertificateWithoutEvidenceIsRefused() throws GeneralSecurityException {
        assertThat(refusal(() -> verify(certificate(keys, "1.2.3", Bytes.EMPTY), null))).isEqualTo(Reason.EVIDENCE_MISSING);
        for (Bytes wrong : List.of(Bytes.EMPTY, CborWriter.number(1), CborWriter.tagged(60_001, CborWriter.array()),
                CborWriter.tagged(60_000, CborWriter.array()), CborWriter.tagged(60_000, CborWriter.number(1)))) {
            assertThat(refusal(() -> verify(certificate(keys, Evidence.EXTENSION, wrong), null))).isEqualTo(Reason.EVIDENCE_MALFORMED);
        }
    }

    @Test
    void aCertificateByAnotherKeyIsRefused() throws GeneralSecurityException {
        KeyPair stranger = P256.generate();
        Bytes evidence = Evidence.in(certificate()).encode();
        X509Certificate forged = certificate(new KeyPair(keys.getPublic(), stranger.getPrivate()), Evidence.EXTENSION, evidence);
        assertThat(refusal(() -> verify(forged, null))).isEqualTo(Reason.CERTIFICATE_INVALID);
    }

    @Test
    void evidenceMayComeWithoutACertificate() throws GeneralSecurityException {
        Evidence evidence = Evidence.parse(Evidence.of(provider, Claims.about(keys.getPublic(), CLAIMS)).encode());
        RaTlsVerifier verifier = ratls(verifier(), policy());
        assertThat(verifier.verify(evidence, keys.getPublic(), _ -> PLATFORM.collateral().build(), NONCE).claims().value(Claims.NONCE)).isEqualTo(NONCE);
        KeyPair stranger = P256.generate();
        assertThat(refusal(() -> verifier.verify(evidence, stranger.getPublic(), _ -> PLATFORM.collateral().build(), NONCE)))
                .isEqualTo(Reason.KEY_UNBOUND);
    }

    @Test
    void aProvisionedKeyIsTrustedOnlyThroughItsAuthority() throws GeneralSecurityException {
        KeyPair authorityKeys = P256.generate();
        Party authority = new Party("Authority", authorityKeys.getPublic(), authorityKeys.getPrivate());
        X509Certificate root = X509Writer.certificate(authority, authority, BigInteger.ONE, NOW, NOW.plus(Duration.ofDays(1)), Use.AUTHORITY,
                List.of());
        KeyPair given = P256.generate();
        X509Certificate leaf = X509Writer.certificate(new Party("Enclave", given.getPublic(), given.getPrivate()), authority, BigInteger.TWO, NOW,
                NOW.plus(Duration.ofDays(1)), Use.SIGNATURE, List.of());
        QuoteProvider provisioned = new QuoteSource.Provisioned(given.getPrivate(), List.of(leaf)).open();
        X509Certificate certificate = RaTlsCertificates.create(keys, provisioned, CLAIMS, NOW, Duration.ofHours(1));
        assertThat(refusal(() -> verify(certificate, NONCE))).isEqualTo(Reason.PROVISIONED_UNTRUSTED);
        Attested attested = ratls(verifier(), policy(), root).verify(certificate.getEncoded(), _ -> null, NONCE);
        assertThat(attested.form()).isEqualTo(Form.PROVISIONED);
        assertThat(attested.verdict()).isNull();
        // A quote's claims do not pass as a provisioned key's, nor the other way round.
        Evidence quote = Evidence.in(certificate());
        assertThat(refusal(() -> verify(certificate(keys, Evidence.EXTENSION,
                new Evidence(Form.PROVISIONED, quote.statement(), quote.claims()).encode()), null))).isEqualTo(Reason.EVIDENCE_MALFORMED);
    }

    @Test
    void claimsOfStrangersMayHaveOtherKindsOfValues() throws AttestationException {
        Claims claims = Claims.parse(CborWriter.map(List.of(new CborWriter.Entry(CborWriter.text("a"), CborWriter.number(1)),
                new CborWriter.Entry(CborWriter.text("nonce"), CborWriter.octets(NONCE)))));
        assertThat(claims.values()).containsOnlyKeys("nonce");
        assertThat(refusal(() -> claims.requireKey(keys.getPublic()))).isEqualTo(Reason.KEY_UNBOUND);
        Claims md5 = Claims.of(Map.of(Claims.PUBLIC_KEY_HASH, CborWriter.array(CborWriter.number(9), CborWriter.octets(NONCE))));
        assertThat(refusal(() -> md5.requireKey(keys.getPublic()))).isEqualTo(Reason.KEY_UNBOUND);
    }
}
