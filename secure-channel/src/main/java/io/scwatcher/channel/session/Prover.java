package io.scwatcher.channel.session;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.dcap.Collateral;
import io.scwatcher.attestation.provider.QuoteProvider;
import java.util.Map;

/**
 * What an enclave proves itself with.
 *
 * @param collateral brought along, so that a verifier need not fetch it; it is signed, and judged by its age
 * @param claims beside those that bind the evidence to the session
 */
public record Prover(QuoteProvider provider, CollateralSupplier collateral, Map<String, Bytes> claims) {
    /** The same, asking for one of an agent's VMs. */
    Prover asking(String vm) {
        return new Prover(provider, collateral, SessionClaims.asking(claims, vm));
    }

    /** Where an enclave has its platform's collateral from. */
    @FunctionalInterface
    public interface CollateralSupplier {
        /** @return null for a provisioned key, which needs none */
        Collateral get() throws AttestationException;
    }
}
