package io.scwatcher.attestation.ratls;

import io.scwatcher.attestation.dcap.Verdict;
import io.scwatcher.attestation.provider.ProvisionedStatement;
import java.security.PublicKey;

/**
 * The owner of a key, who was found good enough.
 *
 * @param key the certificate's
 * @param claims empty in Gramine's legacy form
 * @param verdict null for a provisioned key
 * @param provisioned null for a quote
 */
public record Attested(Form form, PublicKey key, Claims claims, Verdict verdict, ProvisionedStatement provisioned) {}
