package io.scwatcher.attestation.simulation;

import static io.scwatcher.attestation.Fixtures.ENCLAVE;
import static io.scwatcher.attestation.Fixtures.NOW;
import static io.scwatcher.attestation.Fixtures.PLATFORM;
import static io.scwatcher.attestation.Fixtures.REPORT_DATA;
import static io.scwatcher.attestation.Fixtures.refusal;
import static io.scwatcher.attestation.Fixtures.verifier;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.Reason;
import io.scwatcher.attestation.dcap.Collateral;
import io.scwatcher.attestation.dcap.SignedDocument;
import io.scwatcher.attestation.encoding.P256;
import io.scwatcher.attestation.encoding.Pem;
import io.scwatcher.attestation.encoding.X509Writer;
import io.scwatcher.attestation.encoding.X509Writer.Extension;
import io.scwatcher.attestation.encoding.X509Writer.Party;
import io.scwatcher.attestation.encoding.X509Writer.Use;
import io.scwatcher.attestation.simulation.PlatformKeys.Holder;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Certificates that the trusted root really issued, used for what they are not for. */
class CertificateRolesTest {
    private static final Duration DAY = Duration.ofDays(1);

    private final PlatformKeys good = PLATFORM.keys();
    private final Bytes sgx = extension();

    private Bytes extension() {
        byte[] wrapped = good.platform().certificate().getExtensionValue(SimulatedPlatform.SGX_EXTENSIONS);
        return Bytes.of(wrapped).slice(4, wrapped.length);
    }

    private static Party party(String name) throws GeneralSecurityException {
        KeyPair keys = P256.generate();
        return new Party(name, keys.getPublic(), keys.getPrivate());
    }

    private Holder platform(Party subject, Holder issuer, Instant from, Use use, Bytes sgxExtensions) throws GeneralSecurityException {
        return new Holder(subject, X509Writer.certificate(subject, issuer.party(), BigInteger.TWO, from, NOW.plus(DAY), use,
                List.of(new Extension(SimulatedPlatform.SGX_EXTENSIONS, false, sgxExtensions))));
    }

    private Holder authority(Party subject, Holder issuer, Use use, Extension... more) throws GeneralSecurityException {
        return new Holder(subject,
                X509Writer.certificate(subject, issuer.party(), BigInteger.TWO, NOW.minus(DAY), NOW.plus(DAY), use, List.of(more)));
    }

    /** Of a quote by a platform with these certificates; what the authority revokes is told by itself. */
    private Reason refusalOf(Holder root, Holder authority, Holder platform) throws GeneralSecurityException {
        PlatformKeys keys = new PlatformKeys(root, authority, platform, good.tcbSigner(), good.attestation());
        byte[] quote = new QuotingEnclave(keys).quote(ENCLAVE.report(SimulatedPlatform.COMPONENTS, REPORT_DATA));
        Collateral base = PLATFORM.collateral().build();
        Collateral collateral = new Collateral(base.tcbInfo(), base.tcbInfoChain(), base.qeIdentity(), base.qeIdentityChain(), base.rootCrl(),
                X509Writer.revocationList(authority.party(), 1, NOW.minus(DAY), NOW.plus(DAY), List.of()));
        return refusal(() -> verifier().verify(quote, collateral));
    }

    @Test
    void anotherPlatformOfTheSameVendorIsAccepted() throws GeneralSecurityException {
        Holder platform = platform(party("Other SGX PCK Certificate"), good.authority(), NOW.minus(DAY), Use.SIGNATURE, sgx);
        assertThat(refusalOf(good.root(), good.authority(), platform)).isNull();
        Holder processor = authority(party("Other SGX PCK Processor CA"), good.root(), Use.AUTHORITY);
        assertThat(refusalOf(good.root(), processor, platform(party("Other SGX PCK Certificate"), processor, NOW.minus(DAY), Use.SIGNATURE, sgx)))
                .isNull();
    }

    @Test
    void platformsMustBeWhatTheirCertificatesSay() throws GeneralSecurityException {
        Party pck = party("Other SGX PCK Certificate");
        Holder authority = good.authority();
        assertThat(refusalOf(good.root(), authority, platform(party("Anything"), authority, NOW.minus(DAY), Use.SIGNATURE, sgx)))
                .isEqualTo(Reason.CERTIFICATE_INVALID);
        assertThat(refusalOf(good.root(), authority, platform(pck, authority, NOW.minus(DAY), Use.AUTHORITY, sgx)))
                .isEqualTo(Reason.CERTIFICATE_INVALID);
        assertThat(refusalOf(good.root(), authority, platform(pck, authority, NOW.plusSeconds(1), Use.SIGNATURE, sgx)))
                .isEqualTo(Reason.NOT_YET_VALID);
        assertThat(refusalOf(good.root(), authority, platform(pck, authority, NOW.minus(DAY), Use.SIGNATURE, Bytes.EMPTY)))
                .isEqualTo(Reason.CERTIFICATE_MALFORMED);
        assertThat(refusalOf(good.root(), authority, platform(pck, authority, NOW.minus(DAY), Use.SIGNATURE, sgx.slice(0, 40))))
                .isEqualTo(Reason.CERTIFICATE_MALFORMED);
        assertThat(refusalOf(good.root(), authority, platform(pck, good.root(), NOW.minus(DAY), Use.SIGNATURE, sgx)))
                .isEqualTo(Reason.CERTIFICATE_INVALID);
        Holder stranger = new Holder(party(authority.party().commonName()), authority.certificate());
        assertThat(refusalOf(good.root(), authority, platform(pck, stranger, NOW.minus(DAY), Use.SIGNATURE, sgx)))
                .isEqualTo(Reason.CERTIFICATE_INVALID);
        // The certificate of one platform with the key of another.
        assertThat(refusalOf(good.root(), authority, new Holder(pck, good.platform().certificate()))).isEqualTo(Reason.QE_REPORT_SIGNATURE_INVALID);
    }

    @Test
    void issuersHaveTheirNamesAndNotOnlyTheirKeys() throws GeneralSecurityException {
        Party authority = good.authority().party();
        Holder renamed = new Holder(new Party("Renamed SGX PCK Platform CA", authority.publicKey(), authority.privateKey()), null);
        Holder platform = platform(party("Other SGX PCK Certificate"), renamed, NOW.minus(DAY), Use.SIGNATURE, sgx);
        assertThat(refusalOf(good.root(), good.authority(), platform)).isEqualTo(Reason.CERTIFICATE_INVALID);
    }

    @Test
    void revocationListsMustBeTheIssuersOwnAndInForce() throws GeneralSecurityException {
        Party root = good.root().party();
        Party renamed = new Party("Renamed SGX Root CA", root.publicKey(), root.privateKey());
        BigInteger itself = good.root().certificate().getSerialNumber();
        assertThat(refusalWith(X509Writer.revocationList(root, 1, NOW.minus(DAY), NOW.plus(DAY), List.of()))).isNull();
        assertThat(refusalWith(X509Writer.revocationList(root, 1, NOW.minus(DAY), NOW.plus(DAY), List.of(itself)))).isEqualTo(Reason.ISSUER_REVOKED);
        assertThat(refusalWith(X509Writer.revocationList(renamed, 1, NOW.minus(DAY), NOW.plus(DAY), List.of()))).isEqualTo(Reason.CRL_INVALID);
        assertThat(refusalWith(X509Writer.revocationList(root, 1, NOW.plus(DAY), NOW.plus(DAY), List.of()))).isEqualTo(Reason.NOT_YET_VALID);
        assertThat(refusalWith(X509Writer.revocationList(root, 1, NOW.minus(DAY), NOW.minus(DAY), List.of()))).isEqualTo(Reason.CRL_EXPIRED);
        assertThat(refusalWith(Bytes.of(good.root().certificate().getEncoded()))).isIn(Reason.CRL_MALFORMED, Reason.CRL_INVALID);
    }

    private static Reason refusalWith(Bytes rootList) throws GeneralSecurityException {
        Collateral base = PLATFORM.collateral().build();
        byte[] quote = PLATFORM.quote(ENCLAVE, REPORT_DATA);
        return refusal(() -> verifier().verify(quote, new Collateral(base.tcbInfo(), base.tcbInfoChain(), base.qeIdentity(),
                base.qeIdentityChain(), rootList, base.pckCrl())));
    }

    @Test
    void anotherCurveIsRefused() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp384r1"));
        KeyPair keys = generator.generateKeyPair();
        Holder larger = authority(new Party("Other SGX PCK Platform CA", keys.getPublic(), keys.getPrivate()), good.root(), Use.AUTHORITY);
        assertThat(refusalOf(good.root(), larger, platform(party("Other SGX PCK Certificate"), larger, NOW.minus(DAY), Use.SIGNATURE, sgx)))
                .isEqualTo(Reason.CERTIFICATE_INVALID);
    }

    @Test
    void authoritiesOfPlatformsMustBeThat() throws GeneralSecurityException {
        for (Holder wrong : List.of(authority(party("Other SGX PCK Platform CA"), good.root(), Use.SIGNATURE),
                authority(party("Other SGX TCB Signing"), good.root(), Use.AUTHORITY), good.tcbSigner(),
                authority(party("Other SGX PCK Platform CA"), good.root(), Use.AUTHORITY, new Extension("1.2.3", true, Bytes.EMPTY)),
                authority(party("Other SGX PCK Platform CA"), good.authority(), Use.AUTHORITY))) {
            Holder platform = platform(party("Other SGX PCK Certificate"), wrong, NOW.minus(DAY), Use.SIGNATURE, sgx);
            assertThat(refusalOf(good.root(), wrong, platform)).as(wrong.party().commonName()).isEqualTo(Reason.CERTIFICATE_INVALID);
        }
    }

    /** The trusted root's name is anybody's to take; its key is not. */
    @Test
    void aRootOfTheSameNameIsNotTheRoot() throws GeneralSecurityException {
        Party impostor = party(good.root().party().commonName());
        Holder root = new Holder(impostor,
                X509Writer.certificate(impostor, impostor, BigInteger.ONE, NOW.minus(DAY), NOW.plus(DAY), Use.AUTHORITY, List.of()));
        Holder authority = authority(party("Other SGX PCK Platform CA"), root, Use.AUTHORITY);
        Holder platform = platform(party("Other SGX PCK Certificate"), authority, NOW.minus(DAY), Use.SIGNATURE, sgx);
        assertThat(refusalOf(root, authority, platform)).isEqualTo(Reason.ROOT_UNTRUSTED);
        assertThat(refusalOf(good.root(), authority, platform)).isEqualTo(Reason.CERTIFICATE_INVALID);
    }

    @Test
    void documentsMustBeSignedByTheirSigner() throws GeneralSecurityException, JsonProcessingException {
        SimulatedCollateral vendor = PLATFORM.collateral();
        Collateral base = vendor.build();
        byte[] quote = PLATFORM.quote(ENCLAVE, REPORT_DATA);
        Holder named = authority(party("Other SGX TCB Signing"), good.root(), Use.SIGNATURE);
        Holder foreign = authority(party("Other SGX TCB Signing"), good.authority(), Use.SIGNATURE);
        Holder unnamed = authority(party("Other SGX Signing"), good.root(), Use.SIGNATURE);
        for (Holder signer : List.of(good.authority(), good.platform(), good.root(), foreign, unnamed, named)) {
            SignedDocument document = new SignedDocument(base.tcbInfo().body(),
                    P256.sign(signer.party().privateKey(), base.tcbInfo().body().toArray()));
            Collateral collateral = new Collateral(document, chain(signer.certificate(), good.root().certificate()), base.qeIdentity(),
                    base.qeIdentityChain(), base.rootCrl(), base.pckCrl());
            assertThat(refusal(() -> verifier().verify(quote, collateral))).as(signer.party().commonName())
                    .isEqualTo(signer == named ? null : Reason.CERTIFICATE_INVALID);
        }
    }

    @Test
    void chainsHaveTheirLength() throws GeneralSecurityException {
        Collateral base = PLATFORM.collateral().build();
        byte[] quote = PLATFORM.quote(ENCLAVE, REPORT_DATA);
        X509Certificate signer = good.tcbSigner().certificate();
        X509Certificate root = good.root().certificate();
        for (Bytes chain : List.of(chain(signer), chain(root, signer), chain(signer, root, root))) {
            Collateral collateral = new Collateral(base.tcbInfo(), chain, base.qeIdentity(), base.qeIdentityChain(), base.rootCrl(), base.pckCrl());
            assertThat(refusal(() -> verifier().verify(quote, collateral)))
                    .isIn(Reason.CERTIFICATE_INVALID, Reason.CERTIFICATE_MALFORMED, Reason.ROOT_UNTRUSTED);
        }
    }

    private static Bytes chain(X509Certificate... certificates) throws GeneralSecurityException {
        StringBuilder chain = new StringBuilder();
        for (X509Certificate certificate : certificates) {
            chain.append(Pem.certificate(certificate.getEncoded()));
        }
        return Bytes.of(chain.toString().getBytes(StandardCharsets.US_ASCII));
    }
}
