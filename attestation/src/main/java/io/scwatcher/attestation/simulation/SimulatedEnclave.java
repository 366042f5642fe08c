package io.scwatcher.attestation.simulation;

import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.quote.EnclaveReport;

/**
 * What a simulated enclave says that it is. Nothing measures it: whoever runs the simulation can say what they like.
 *
 * @param mrEnclave 32 bytes: the digest of what would be measured
 * @param mrSigner 32 bytes
 * @param productId 0 to 65,535
 * @param svn 0 to 65,535
 */
public record SimulatedEnclave(Bytes mrEnclave, Bytes mrSigner, int productId, int svn) {
    /** INIT, DEBUG and MODE64BIT; XFRM of x87 and SSE. DEBUG, since the host can read a simulated enclave. */
    private static final Bytes ATTRIBUTES = Bytes.ofHex("07000000000000000300000000000000");

    public SimulatedEnclave {
        if (mrEnclave.length() != 32 || mrSigner.length() != 32 || productId >>> 16 != 0 || svn >>> 16 != 0) {
            throw new IllegalArgumentException("measurements have 32 bytes, product id and version 16 bits");
        }
    }

    EnclaveReport report(Bytes cpuSvn, Bytes reportData) {
        return new EnclaveReport(cpuSvn, 0, Bytes.zeros(16), ATTRIBUTES, mrEnclave, mrSigner, Bytes.zeros(64), productId, svn, 0,
                Bytes.zeros(16), reportData);
    }
}
