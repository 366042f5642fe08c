package io.scwatcher.channel.session;

/**
 * What happened to a connection: never anything of what was read.
 *
 * @param connection numbered from 1 on
 * @param enclave who attested: MRENCLAVE, or what else identifies it; "" before that is known
 * @param vm what it may read; "" if that is not known
 * @param reason the name of an attestation's {@link io.scwatcher.attestation.Reason}; "" if there is none
 * @param text one line for people
 */
public record AgentEvent(Kind kind, long connection, String enclave, String vm, String reason, String text) {
    /** In the order in which they can happen to a connection; the last three are each its last one. */
    public enum Kind { CONNECTED, REFUSED, BROKEN, LEFT }

    @Override
    public String toString() {
        return "connection " + connection + ": " + text;
    }
}
