package io.scwatcher.attestation.dcap;

import static io.scwatcher.attestation.Fixtures.clock;
import static io.scwatcher.attestation.Fixtures.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.Reason;
import io.scwatcher.attestation.encoding.P256;
import io.scwatcher.attestation.policy.Policy;
import io.scwatcher.attestation.policy.Requirement;
import io.scwatcher.attestation.quote.EnclaveReport;
import io.scwatcher.attestation.quote.Quote;
import io.scwatcher.attestation.quote.TdReport;
import io.scwatcher.attestation.quote.TeeType;
import io.scwatcher.attestation.ratls.RaTlsVerifier;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Evidence of real processors under Intel's production root. SOURCES.md says where the files are from and why they are not here. */
@EnabledIfSystemProperty(named = "scwatcher.vectors", matches = ".+", disabledReason = "-Dscwatcher.vectors=DIR is not given, see SOURCES.md")
class PublicVectorsTest {
    private static final String SOURCES = "/io/scwatcher/attestation/vectors/SOURCES.md";

    private static byte[] vector(String name) throws IOException {
        byte[] content = Files.readAllBytes(Path.of(System.getProperty("scwatcher.vectors")).resolve(name));
        try (InputStream sources = PublicVectorsTest.class.getResourceAsStream(SOURCES)) {
            assertThat(new String(sources.readAllBytes(), StandardCharsets.UTF_8)).contains("| " + name + " | " + Bytes.sha256(content) + " |");
        }
        return content;
    }

    private static Verdict verify(String name, Instant at) throws IOException, AttestationException {
        return DcapVerifier.intel(clock(at)).verify(vector("dcap-qvl/" + name), Collateral.parse(vector("dcap-qvl/" + name + "_collateral.json")));
    }

    @Test
    void anSgxQuoteOfVersion3() throws IOException, AttestationException {
        Verdict verdict = verify("sgx_quote", Instant.parse("2025-06-25T00:00:00Z"));
        assertThat(verdict.root()).isEqualTo(TrustAnchor.INTEL);
        assertThat(verdict.status()).isEqualTo(TcbStatus.CONFIGURATION_AND_SW_HARDENING_NEEDED);
        assertThat(verdict.qeStatus()).isEqualTo(TcbStatus.UP_TO_DATE);
        assertThat(verdict.advisories()).containsExactly("INTEL-SA-00289", "INTEL-SA-00615");
        assertThat(verdict.platform().fmspc()).hasToString("00a067110000");
        assertThat(verdict.evaluation()).isEqualTo(17);
        assertThat(verdict.validUntil()).isEqualTo(Instant.parse("2025-07-19T10:01:18Z"));
    }

    @Test
    void aTdxQuoteOfVersion4() throws IOException, AttestationException {
        Verdict verdict = verify("tdx_quote", Instant.parse("2025-06-25T00:00:00Z"));
        assertThat(verdict.status()).isEqualTo(TcbStatus.UP_TO_DATE);
        assertThat(verdict.advisories()).isEmpty();
        assertThat(verdict.quote().body()).isInstanceOf(TdReport.class);
        assertThat(verdict.quote().padding()).isEqualTo(70);
    }

    /** Its platform has component 8 at 3, and the lowest level demands 5. */
    @Test
    void aTdxQuoteOfVersion5FromAPlatformBelowAllLevels() {
        assertThat(refusal(() -> verify("tdx_quote_outdated", Instant.parse("2026-02-19T00:00:00Z")))).isEqualTo(Reason.TCB_NOT_SUPPORTED);
    }

    @ParameterizedTest
    @CsvSource({"2025-06-01T00:00:00Z, NOT_YET_VALID", "2025-07-25T00:00:00Z, CRL_EXPIRED", "2050-01-01T00:00:00Z, CERTIFICATE_EXPIRED"})
    void timeDecides(Instant at, Reason reason) {
        assertThat(refusal(() -> verify("sgx_quote", at))).isEqualTo(reason);
    }

    @Test
    void collateralOfAnotherPlatformIsRefused() throws IOException, AttestationException {
        Collateral other = Collateral.parse(vector("dcap-qvl/tdx_quote_collateral.json"));
        byte[] quote = vector("dcap-qvl/sgx_quote");
        assertThat(refusal(() -> DcapVerifier.intel(clock(Instant.parse("2025-06-25T00:00:00Z"))).verify(quote, other)))
                .isEqualTo(Reason.CRL_INVALID);
    }

    /** Every 16th byte; the simulation's own tests take each. */
    @ParameterizedTest
    @ValueSource(strings = {"sgx_quote", "tdx_quote"})
    void noByteOfARealQuoteCanBeChanged(String name) throws IOException, AttestationException {
        byte[] quote = vector("dcap-qvl/" + name);
        Collateral collateral = Collateral.parse(vector("dcap-qvl/" + name + "_collateral.json"));
        DcapVerifier verifier = DcapVerifier.intel(clock(Instant.parse("2025-06-25T00:00:00Z")));
        List<Integer> accepted = new ArrayList<>();
        for (int i = 0; i < quote.length; i += 16) {
            byte[] changed = quote.clone();
            changed[i] ^= 1;
            if (refusal(() -> verifier.verify(changed, collateral)) == null) {
                accepted.add(i);
            }
        }
        assertThat(accepted).isEmpty();
    }

    /** Without collateral: the shape, the certificates' signatures, and what hangs on the PCK. */
    @ParameterizedTest
    @CsvSource({"automata/quotev3.hex, 3, SGX", "automata/quotev4.hex, 4, TDX", "go-tdx-guest/quote_v5_sample.dat, 5, TDX"})
    void quotesOfAllVersions(String name, int version, TeeType tee) throws IOException, GeneralSecurityException {
        byte[] content = vector(name);
        byte[] bytes = name.endsWith(".hex") ? Bytes.ofHex(new String(content, StandardCharsets.US_ASCII).strip()).toArray() : content;
        requireSigned(Quote.parse(bytes), version, tee);
    }

    private static void requireSigned(Quote quote, int version, TeeType tee) throws GeneralSecurityException {
        assertThat(quote.header().version()).isEqualTo(version);
        assertThat(quote.header().tee()).isEqualTo(tee);
        List<X509Certificate> chain = Certificates.chain(quote.pckChain(), 3, "the chain");
        Instant at = chain.getFirst().getNotBefore().toInstant().plusSeconds(86_400);
        Certificates.check(chain.get(0), chain.get(1), false, at);
        Certificates.check(chain.get(1), chain.get(2), true, at);
        Certificates.check(chain.get(2), chain.get(2), true, at);
        assertThat(TrustAnchor.INTEL.isKey(chain.get(2).getPublicKey())).isTrue();
        PckCertificate platform = PckCertificate.of(chain.getFirst());
        assertThat(P256.verifies(platform.key(), quote.qeReportBytes().toArray(), quote.qeReportSignature())).isTrue();
        assertThat(P256.verifies(P256.publicKey(quote.attestationKey()), quote.signed().toArray(), quote.signature())).isTrue();
        assertThat(Bytes.of(quote.body().encode())).isEqualTo(quote.signed().slice(quote.signed().length() - quote.body().encode().length,
                quote.signed().length()));
    }

    /** A quote in a text editor's hands: what follows it is not its own. */
    @Test
    void bytesThatFollowAQuoteAreRefused() throws IOException, GeneralSecurityException {
        byte[] content = vector("go-tdx-guest/tdx_prod_quote_SPR_E4.dat");
        assertThat(refusal(() -> Quote.parse(content))).isEqualTo(Reason.QUOTE_MALFORMED);
        int own = 48 + 584 + 4 + (content[632] & 0xff | (content[633] & 0xff) << 8);
        requireSigned(Quote.parse(Arrays.copyOf(content, own)), 4, TeeType.TDX);
    }

    /** The evidence is about the certificate's key and claims; collateral for it was not published with it. */
    @ParameterizedTest
    @ValueSource(strings = {"gramine-cert.pem", "intel-sgxsdk-cert.pem", "rats-tls-cert.pem"})
    void certificatesOfOtherProjects(String name) throws IOException, GeneralSecurityException {
        X509Certificate certificate = Certificates.read(vector("interoperable-ra-tls/" + name));
        Policy any = Policy.builder().mrEnclave(Requirement.any()).mrSigner(Requirement.any()).productId(Requirement.any())
                .minimumSvn(Requirement.any()).bundle(Requirement.any()).configuration(Requirement.any()).build();
        RaTlsVerifier verifier = new RaTlsVerifier(DcapVerifier.intel(clock(Instant.EPOCH)), any, List.of(),
                clock(certificate.getNotBefore().toInstant().plusSeconds(1)));
        List<Quote> asked = new ArrayList<>();
        assertThat(refusal(() -> verifier.verify(certificate.getEncoded(), quote -> {
            asked.add(quote);
            throw new AttestationException(Reason.COLLATERAL_MALFORMED, "not published");
        }, null))).isEqualTo(Reason.COLLATERAL_MALFORMED);
        requireSigned(asked.getFirst(), 3, TeeType.SGX);
        assertThat(((EnclaveReport) asked.getFirst().body()).debug()).isTrue();
    }
}
