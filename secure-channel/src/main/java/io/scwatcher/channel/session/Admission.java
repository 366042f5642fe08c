package io.scwatcher.channel.session;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.ratls.Attested;

/** Which enclave may read which VM, decided for each connection once it is known whose it is. */
@FunctionalInterface
public interface Admission {
    /**
     * @param enclave whose evidence is right, about this session, and from a root that is trusted; all else is to be judged here
     * @param vm as the enclave names it; "" for the agent's only one
     * @throws AttestationException why it is not admitted: the enclave is told
     */
    Admitted admit(Attested enclave, String vm) throws AttestationException;
}
