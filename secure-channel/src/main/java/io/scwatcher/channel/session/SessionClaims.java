package io.scwatcher.channel.session;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.Reason;
import io.scwatcher.attestation.ratls.Claims;
import io.scwatcher.channel.ChannelException;
import io.scwatcher.channel.tls.TlsChannel;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * What binds evidence to one TLS session: a value that only the two ends of this session can compute (RFC 8446, 7.5, by the verifier's nonce), who is at the other end, and
 * what the session is for. A quote that was made for another session, peer or purpose has other claims.
 */
final class SessionClaims {
    static final String SESSION = "scwatcher-session";
    static final String PEER = "scwatcher-peer";
    static final String ROLE = "scwatcher-role";
    /** Which of an agent's VMs the enclave wants to read; absent for its only one. */
    static final String VM = "scwatcher-vm";
    private static final String LABEL = "EXPORTER-scwatcher-attestation-1";
    private static final int LENGTH = 32;

    private SessionClaims() {
    }

    /** @param more claims of its own */
    static Claims of(TlsChannel channel, Role role, Bytes nonce, Map<String, Bytes> more) throws ChannelException {
        Map<String, Bytes> values = role.with(more);
        values.put(Claims.NONCE, nonce);
        values.put(SESSION, exported(channel, nonce));
        values.put(PEER, TlsIdentity.digest(peer(channel)));
        return Claims.about(own(channel), values);
    }

    /** @throws AttestationException CLAIMS_UNBOUND if the claims are about another session than this */
    static void check(TlsChannel channel, Role role, Bytes nonce, Claims claims) throws AttestationException, ChannelException {
        require(exported(channel, nonce).equals(claims.value(SESSION)), "another TLS session");
        require(TlsIdentity.digest(own(channel)).equals(claims.value(PEER)), "a session with somebody else");
        require(role.isClaimed(claims), "a session for something else");
    }

    /** Which VM the claims ask for, "" if they name none. */
    static String vm(Claims claims) {
        Bytes vm = claims.value(VM);
        return vm == null ? "" : new String(vm.toArray(), StandardCharsets.UTF_8);
    }

    /** The same with the VM that is asked for. */
    static Map<String, Bytes> asking(Map<String, Bytes> claims, String vm) {
        Map<String, Bytes> values = new HashMap<>(claims);
        if (!vm.isEmpty()) {
            values.put(VM, Bytes.of(vm.getBytes(StandardCharsets.UTF_8)));
        }
        return values;
    }

    private static void require(boolean right, String what) throws AttestationException {
        if (!right) {
            throw new AttestationException(Reason.CLAIMS_UNBOUND, "the evidence is about " + what);
        }
    }

    private static Bytes exported(TlsChannel channel, Bytes nonce) throws ChannelException {
        try {
            return Bytes.of(((ExtendedSSLSession) channel.session()).exportKeyingMaterialData(LABEL, nonce.toArray(), LENGTH));
        } catch (SSLException e) {
            throw new ChannelException("the TLS session exports no keying material: " + e.getMessage(), e);
        }
    }

    static PublicKey own(TlsChannel channel) {
        Certificate[] certificates = channel.session().getLocalCertificates();
        return certificates[0].getPublicKey();
    }

    static PublicKey peer(TlsChannel channel) throws ChannelException {
        try {
            return channel.session().getPeerCertificates()[0].getPublicKey();
        } catch (SSLPeerUnverifiedException e) {
            throw new ChannelException("the other side has no certificate", e);
        }
    }
}
