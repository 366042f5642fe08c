package io.scwatcher.channel.page;

import java.time.Duration;

/**
 * What a server grants to one connection.
 *
 * @param epochs open at once; the oldest live one ends when another is opened, a paused one is refused
 * @param lease the longest
 * @param bytesPerSecond of memory, on the average of a second; {@link Long#MAX_VALUE}: as fast as it goes
 */
public record ServerLimits(int epochs, Duration lease, long bytesPerSecond) {
    public static final ServerLimits USUAL = new ServerLimits(256, Duration.ofSeconds(30), Long.MAX_VALUE);
}
