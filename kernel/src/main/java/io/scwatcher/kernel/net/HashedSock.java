package io.scwatcher.kernel.net;

import io.scwatcher.kernel.KObject;

/**
 * A socket as it lies in a hash table.
 *
 * @param bucket the number of its bucket
 * @param sock a {@code struct sock}, or in the TCP tables what stands in for one
 */
public record HashedSock(int bucket, KObject sock) {
    public int family() {
        return sock.getInt("__sk_common.skc_family");
    }

    public int state() {
        return sock.getInt("__sk_common.skc_state");
    }
}
