package io.scwatcher.enclave.main;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.dcap.Collateral;
import io.scwatcher.attestation.provider.QuoteProvider;
import io.scwatcher.attestation.provider.QuoteSource;
import io.scwatcher.attestation.ratls.Claims;
import io.scwatcher.attestation.simulation.SimulatedEnclave;
import io.scwatcher.attestation.simulation.SimulatedPlatform;
import io.scwatcher.attestation.simulation.SimulationStore;
import io.scwatcher.channel.session.Prover;
import io.scwatcher.enclave.main.EnclaveConfiguration.EvidenceSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** What this enclave proves itself with, as its configuration says; nothing stands in for a source that fails. */
final class EnclaveIdentity {
    private static final String KEY_BEGIN = "-----BEGIN PRIVATE KEY-----", KEY_END = "-----END PRIVATE KEY-----";

    private EnclaveIdentity() {}

    /** Its evidence claims the configuration's digest. */
    static Prover open(EnclaveConfiguration configuration) throws IOException, AttestationException {
        Map<String, Bytes> claims = Map.of(Claims.CONFIGURATION, configuration.digest());
        return switch (configuration.evidence()) {
            case EvidenceSource.Simulation(Path saved, Path measured) -> {
                SimulatedPlatform platform = SimulatedPlatform.open(SimulationStore.file(saved), Clock.systemUTC());
                SimulatedEnclave enclave = new SimulatedEnclave(measurement(measured), Bytes.zeros(32), 0, 0);
                yield new Prover(new QuoteSource.Simulation(platform, enclave).open(), () -> platform.collateral().build(), claims);
            }
            case EvidenceSource.Gramine(Path directory, Path collateral) -> of(new QuoteSource.Gramine(directory).open(), collateral, claims);
            case EvidenceSource.Occlum(Path device, Path collateral) -> of(new QuoteSource.Occlum(device).open(), collateral, claims);
            case EvidenceSource.Provisioned(Path key, Path chain) ->
                new Prover(new QuoteSource.Provisioned(privateKey(key), certificates(chain)).open(), () -> null, claims);
        };
    }

    private static Bytes measurement(Path measured) throws IOException {
        String text = Files.readString(measured).strip();
        if (!text.matches("[0-9a-f]{64}")) {
            throw new IOException(measured + " is no measurement: 64 hexadecimal digits are due");
        }
        return Bytes.ofHex(text);
    }

    private static PrivateKey privateKey(Path file) throws IOException {
        String pem = Files.readString(file).strip();
        if (!pem.startsWith(KEY_BEGIN) || !pem.endsWith(KEY_END)) {
            throw new IOException(file + " is no private key in PEM");
        }
        try {
            byte[] encoded = Base64.getMimeDecoder().decode(pem.substring(KEY_BEGIN.length(), pem.length() - KEY_END.length()));
            return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(file + " is no private key of an elliptic curve: " + e.getMessage());
        }
    }

    private static List<X509Certificate> certificates(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return CertificateFactory.getInstance("X.509").generateCertificates(in).stream().map(X509Certificate.class::cast).toList();
        } catch (GeneralSecurityException e) {
            throw new IOException(file + " is no chain of certificates: " + e.getMessage());
        }
    }

    /** The host renews collateral; it is signed, so that it need not be trusted for that. */
    private static Prover of(QuoteProvider provider, Path collateral, Map<String, Bytes> claims) throws IOException, AttestationException {
        Collateral.parse(Files.readAllBytes(collateral));
        return new Prover(provider, () -> {
            try {
                return Collateral.parse(Files.readAllBytes(collateral));
            } catch (IOException e) {
                throw new AttestationException(io.scwatcher.attestation.Reason.PROVIDER_FAILED, "the collateral cannot be read: " + e.getMessage(), e);
            }
        }, claims);
    }
}
