package io.scwatcher.attestation.simulation;

import static io.scwatcher.attestation.encoding.DerWriter.enumerated;
import static io.scwatcher.attestation.encoding.DerWriter.identifier;
import static io.scwatcher.attestation.encoding.DerWriter.integer;
import static io.scwatcher.attestation.encoding.DerWriter.octets;
import static io.scwatcher.attestation.encoding.DerWriter.sequence;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.Reason;
import io.scwatcher.attestation.dcap.PckCertificate;
import io.scwatcher.attestation.dcap.TrustAnchor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;

/**
 * A platform with SGX in software, and its vendor: a quoting enclave whose quotes have the exact form of DCAP's version 3, and the
 * collateral to verify them, all under a root of its own. It proves nothing about what runs: it exists so that the same verifier, and
 * every refusal of it, runs on any machine. Thread-safe.
 */
public final class SimulatedPlatform {
    static final String SGX_EXTENSIONS = PckCertificate.SGX_EXTENSIONS;
    static final Bytes FMSPC = Bytes.ofHex("5343574d0001");
    static final Bytes PCE_ID = Bytes.zeros(2);
    static final int PCE_SVN = 13;
    static final Bytes COMPONENTS = Bytes.ofHex("05050202ff0100030000000000000000");

    private final PlatformKeys keys;
    private final Clock clock;

    private SimulatedPlatform(PlatformKeys keys, Clock clock) {
        this.keys = keys;
        this.clock = clock;
    }

    /**
     * The platform that a store holds; a new one if it holds none.
     *
     * @param clock dates certificates and collateral
     * @throws AttestationException PROVIDER_FAILED, EVIDENCE_MALFORMED or CERTIFICATE_MALFORMED if what is there is no platform
     */
    public static SimulatedPlatform open(SimulationStore store, Clock clock) throws IOException, AttestationException {
        Bytes saved = store.load();
        if (saved == null) {
            try {
                saved = store.save(PlatformKeys.generate(clock.instant(), sgxExtensions()).encode());
            } catch (GeneralSecurityException e) {
                throw new AttestationException(Reason.PROVIDER_FAILED, "no simulated platform can be made: " + e.getMessage(), e);
            }
        }
        return new SimulatedPlatform(PlatformKeys.decode(saved), clock);
    }

    /** What a platform's certificate says about it, as {@link PckCertificate} reads it. */
    private static Bytes sgxExtensions() {
        byte[] ppid = new byte[16];
        new SecureRandom().nextBytes(ppid);
        ByteArrayOutputStream tcb = new ByteArrayOutputStream();
        for (int i = 0; i < COMPONENTS.length(); i++) {
            tcb.writeBytes(member("2." + (i + 1), integer(COMPONENTS.get(i))));
        }
        tcb.writeBytes(member("2.17", integer(PCE_SVN)));
        tcb.writeBytes(member("2.18", octets(COMPONENTS.toArray())));
        return Bytes.of(sequence(member("1", octets(ppid)), member("2", sequence(tcb.toByteArray())), member("3", octets(PCE_ID.toArray())),
                member("4", octets(FMSPC.toArray())), member("5", enumerated(0))));
    }

    private static byte[] member(String suffix, byte[] value) {
        return sequence(identifier(SGX_EXTENSIONS + "." + suffix), value);
    }

    /** What a verifier must trust to accept this platform's quotes. */
    public TrustAnchor anchor() {
        return TrustAnchor.simulation(root());
    }

    public X509Certificate root() {
        return keys.root().certificate();
    }

    /**
     * A quote of version 3 about an enclave.
     *
     * @param reportData 64 bytes
     */
    public byte[] quote(SimulatedEnclave enclave, Bytes reportData) throws AttestationException {
        if (reportData.length() != 64) {
            throw new IllegalArgumentException("report data of " + reportData.length() + " bytes instead of 64");
        }
        try {
            return new QuotingEnclave(keys).quote(enclave.report(COMPONENTS, reportData));
        } catch (GeneralSecurityException e) {
            throw new AttestationException(Reason.PROVIDER_FAILED, "the simulated quoting enclave failed: " + e.getMessage(), e);
        }
    }

    /** Collateral of now, by which the platform is up to date unless it is made to say otherwise. */
    public SimulatedCollateral collateral() {
        return new SimulatedCollateral(keys, clock.instant());
    }

    PlatformKeys keys() {
        return keys;
    }
}
