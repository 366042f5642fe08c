package io.scwatcher.attestation.ratls;

import static io.scwatcher.attestation.Fixtures.ENCLAVE;
import static io.scwatcher.attestation.Fixtures.NOW;
import static io.scwatcher.attestation.Fixtures.PLATFORM;
import static io.scwatcher.attestation.Fixtures.clock;
import static io.scwatcher.attestation.Fixtures.verifier;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.Reason;
import io.scwatcher.attestation.dcap.DcapVerifier;
import io.scwatcher.attestation.encoding.P256;
import io.scwatcher.attestation.policy.Policy;
import io.scwatcher.attestation.policy.Requirement;
import io.scwatcher.attestation.provider.QuoteSource;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.Test;

/** Java's TLS 1.3 takes these certificates, and a trust manager needs only the verifier. */
class HandshakeTest {
    /** Trusts whoever the verifier accepts. */
    private static final class Attesting extends X509ExtendedTrustManager {
        private final DcapVerifier dcap;

        Attesting(DcapVerifier dcap) {
            this.dcap = dcap;
        }

        private void check(X509Certificate[] chain) throws CertificateException {
            Policy policy = Policy.builder().mrEnclave(Requirement.is(ENCLAVE.mrEnclave())).mrSigner(Requirement.any())
                    .productId(Requirement.any()).minimumSvn(Requirement.any()).bundle(Requirement.any()).configuration(Requirement.any()).build();
            try {
                new RaTlsVerifier(dcap, policy, List.of(), clock(NOW)).verify(chain[0].getEncoded(), _ -> PLATFORM.collateral().build(), null);
            } catch (AttestationException e) {
                throw new CertificateException(e.getMessage(), e);
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
            check(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
            check(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            check(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            check(chain);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private static SSLEngine engine(boolean client, DcapVerifier dcap) throws Exception {
        KeyPair keys = P256.generate();
        X509Certificate certificate = RaTlsCertificates.create(keys, new QuoteSource.Simulation(PLATFORM, ENCLAVE).open(),
                Map.of(Claims.BUNDLE, Bytes.zeros(32)), NOW, Duration.ofDays(1));
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("key", keys.getPrivate(), new char[0], new Certificate[] {certificate});
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(managers.getKeyManagers(), new TrustManager[] {new Attesting(dcap)}, null);
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(client);
        engine.setEnabledProtocols(new String[] {"TLSv1.3"});
        if (!client) {
            engine.setNeedClientAuth(true);
        }
        return engine;
    }

    /** Carries what one side says to the other until neither has more to say. */
    private static void shake(SSLEngine client, SSLEngine server) throws SSLException {
        ByteBuffer toServer = ByteBuffer.allocate(1 << 18);
        ByteBuffer toClient = ByteBuffer.allocate(1 << 18);
        for (int quiet = 0; quiet < 4;) {
            boolean moved = step(client, toClient, toServer) | step(server, toServer, toClient);
            quiet = moved ? 0 : quiet + 1;
        }
    }

    private static boolean step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
        int before = out.position();
        if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
            engine.wrap(ByteBuffer.allocate(0), out);
            return out.position() > before;
        }
        in.flip();
        int available = in.remaining();
        SSLEngineResult result = available == 0 ? null : engine.unwrap(in, ByteBuffer.allocate(1 << 16));
        in.compact();
        return result != null && (result.bytesConsumed() > 0 || result.getHandshakeStatus() == HandshakeStatus.NEED_TASK);
    }

    @Test
    void bothSidesAttest() throws Exception {
        SSLEngine client = engine(true, verifier());
        SSLEngine server = engine(false, verifier());
        client.beginHandshake();
        shake(client, server);
        assertThat(client.getSession().getProtocol()).isEqualTo("TLSv1.3");
        assertThat(client.getSession().getPeerCertificates()).hasSize(1);
        assertThat(server.getSession().getPeerCertificates()).hasSize(1);
    }

    @Test
    void whatIsRefusedEndsTheHandshakeByItsReason() throws Exception {
        SSLEngine client = engine(true, DcapVerifier.intel(clock(NOW)));
        SSLEngine server = engine(false, verifier());
        client.beginHandshake();
        assertThatThrownBy(() -> shake(client, server)).isInstanceOf(SSLException.class).rootCause()
                .isInstanceOfSatisfying(AttestationException.class, refused -> assertThat(refused.reason()).isEqualTo(Reason.ROOT_UNTRUSTED));
    }
}
