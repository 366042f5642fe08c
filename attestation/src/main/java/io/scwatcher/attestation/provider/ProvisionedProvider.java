package io.scwatcher.attestation.provider;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.Reason;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/** Evidence by a key that was given to this enclave: whoever certified the key has attested the enclave. */
final class ProvisionedProvider implements QuoteProvider {
    private final PrivateKey key;
    private final List<X509Certificate> chain;

    ProvisionedProvider(PrivateKey key, List<X509Certificate> chain) throws AttestationException {
        this.key = key;
        this.chain = List.copyOf(chain);
        // A key that is not the certificate's would only be found out by the first peer.
        ProvisionedStatement.parse(Bytes.of(quote(Bytes.zeros(REPORT_DATA_LENGTH))));
    }

    @Override
    public Kind kind() {
        return Kind.PROVISIONED;
    }

    @Override
    public byte[] quote(Bytes reportData) throws AttestationException {
        try {
            return ProvisionedStatement.sign(key, chain, QuoteProvider.checked(reportData)).toArray();
        } catch (GeneralSecurityException e) {
            throw new AttestationException(Reason.PROVIDER_FAILED, "the provisioned key does not sign: " + e.getMessage(), e);
        }
    }
}
