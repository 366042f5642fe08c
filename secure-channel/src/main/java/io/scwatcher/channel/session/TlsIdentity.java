package io.scwatcher.channel.session;

import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.ratls.RaTlsCertificates;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * A key for TLS 1.3 and its self-signed certificate. TLS proves only that the peer has the key of its certificate; whose key that is, evidence or a pinned digest tells
 * afterwards. There is no resumption: each session is attested anew.
 */
public final class TlsIdentity {
    private static final String[] PROTOCOLS = {"TLSv1.3"};
    /** AES first: the processors that we run on have instructions for it. */
    private static final String[] CIPHER_SUITES = {"TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256"};
    private static final Duration LIFETIME = Duration.ofDays(3650);

    private final X509Certificate certificate;
    private final SSLContext context;

    private TlsIdentity(KeyPair keys, Clock clock) throws GeneralSecurityException {
        certificate = RaTlsCertificates.plain(keys, clock.instant(), LIFETIME);
        context = SSLContext.getInstance("TLSv1.3");
        context.init(keyManagers(keys.getPrivate()), new TrustManager[] {new AnyKey()}, null);
    }

    private KeyManager[] keyManagers(PrivateKey key) throws GeneralSecurityException {
        char[] password = {};
        KeyStore store = KeyStore.getInstance("PKCS12");
        try {
            store.load(null, password);
        } catch (IOException e) {
            throw new IllegalStateException("an empty store needs no reading", e);
        }
        store.setKeyEntry("key", key, password, new Certificate[] {certificate});
        KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
        managers.init(store, password);
        return managers.getKeyManagers();
    }

    /** @param keys of the curve secp256r1 */
    public static TlsIdentity of(KeyPair keys, Clock clock) {
        try {
            return new TlsIdentity(keys, clock);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK can make a TLS identity of an EC key", e);
        }
    }

    /** With a key that only this process ever has. */
    public static TlsIdentity ephemeral(Clock clock) {
        return of(generateKeys(), clock);
    }

    public static KeyPair generateKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has secp256r1", e);
        }
    }

    public PublicKey key() {
        return certificate.getPublicKey();
    }

    /** What others pin: SHA-256 of the key's SubjectPublicKeyInfo. */
    public Bytes keyDigest() {
        return digest(key());
    }

    static Bytes digest(PublicKey key) {
        return Bytes.sha256(key.getEncoded());
    }

    public SSLEngine clientEngine() {
        return engine(true);
    }

    /** Demands a certificate of the client. */
    public SSLEngine serverEngine() {
        return engine(false);
    }

    private SSLEngine engine(boolean client) {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(client);
        engine.setEnabledProtocols(PROTOCOLS);
        engine.setEnabledCipherSuites(CIPHER_SUITES);
        engine.setEnableSessionCreation(true);
        if (!client) {
            engine.setNeedClientAuth(true);
        }
        return engine;
    }

    /** Accepts any one self-signed certificate. */
    private static final class AnyKey extends X509ExtendedTrustManager {
        private static void check(X509Certificate[] chain) throws CertificateException {
            if (chain.length != 1) {
                throw new CertificateException("one self-signed certificate is expected, not a chain of " + chain.length);
            }
            try {
                chain[0].verify(chain[0].getPublicKey());
            } catch (GeneralSecurityException e) {
                throw new CertificateException("the certificate is not signed by its own key", e);
            }
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            check(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) throws CertificateException {
            check(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) throws CertificateException {
            check(chain);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
