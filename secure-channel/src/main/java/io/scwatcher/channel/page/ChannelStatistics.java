package io.scwatcher.channel.page;

/**
 * What a connection has cost so far.
 *
 * @param roundTrips requests that were answered
 * @param bytesSent bytes of frames, before encryption
 * @param bytesReceived bytes of frames, after decryption
 * @param fetched pieces of memory that came
 * @param used pieces of memory that somebody read; the difference was read ahead in vain, or not needed yet
 */
public record ChannelStatistics(long roundTrips, long bytesSent, long bytesReceived, long fetched, long used) {
    /** What was added since. */
    public ChannelStatistics since(ChannelStatistics before) {
        return new ChannelStatistics(roundTrips - before.roundTrips, bytesSent - before.bytesSent, bytesReceived - before.bytesReceived,
                fetched - before.fetched, used - before.used);
    }
}
