package io.scwatcher.channel.page;

import java.time.Duration;

/**
 * How a client uses its connection.
 *
 * @param cacheBytes what an epoch keeps at most
 * @param readAhead pieces that a miss brings along at most; 0 for none
 * @param lease of a pause; it is renewed when a third of it has passed
 * @param patience how long an answer may take
 */
public record RemoteOptions(long cacheBytes, int readAhead, Duration lease, Duration patience) {
    public static final RemoteOptions USUAL = new RemoteOptions(64 << 20, 512, Duration.ofSeconds(15), Duration.ofSeconds(30));

    public RemoteOptions withReadAhead(int pieces) {
        return new RemoteOptions(cacheBytes, pieces, lease, patience);
    }
}
