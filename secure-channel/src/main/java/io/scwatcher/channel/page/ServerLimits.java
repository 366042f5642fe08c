package io.scwatcher.channel.page;

import java.time.Duration;
import java.util.Set;

/**
 * What a server grants.
 *
 * @param captures the kinds of epochs that may be opened; memory that stands still by nature, a dump's, may always be read
 * @param epochs open at once in one connection; the oldest live one ends when another is opened, a paused one is refused
 * @param lease the longest
 * @param bytesPerSecond of memory, of all connections together, on the average of a second; {@link Long#MAX_VALUE}: as fast as it goes
 */
public record ServerLimits(Set<EpochKind> captures, int epochs, Duration lease, long bytesPerSecond) {
    public static final ServerLimits USUAL = new ServerLimits(Set.of(EpochKind.values()), 256, Duration.ofSeconds(30), Long.MAX_VALUE);

    public ServerLimits {
        captures = Set.copyOf(captures);
    }
}
