package io.scwatcher.channel.relay;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** What a host sees of what it passes on: how much, how random it looks, and whether a known text is in it. Changes nothing. */
public final class Traffic implements Relay.Observer {
    private final Direction toAgent;
    private final Direction toEnclave;

    /** @param lookFor texts to be looked for, each of at least one byte */
    public Traffic(List<byte[]> lookFor) {
        toAgent = new Direction(lookFor);
        toEnclave = new Direction(lookFor);
    }

    /**
     * One direction so far.
     *
     * @param entropy Shannon's, of single bytes: 8 bits for what looks wholly random
     * @param longestText the longest run of printable ASCII, in bytes
     * @param found how often any of the texts occurred
     */
    public record Seen(long bytes, double entropy, int longestText, long found) {}

    public Seen toAgent() {
        return toAgent.seen();
    }

    public Seen toEnclave() {
        return toEnclave.seen();
    }

    @Override
    public void passing(boolean towardsAgent, ByteBuffer bytes) {
        (towardsAgent ? toAgent : toEnclave).add(bytes);
    }

    /** Of several connections it sees what passes as one stream, as the host's wire does. */
    private static final class Direction {
        private final List<byte[]> lookFor;
        private final long[] counts = new long[256];
        private final int keep;
        /** The end of what has passed, in which a text may have begun. */
        private byte[] tail = {};
        private int run;
        private int longest;
        private long found;

        Direction(List<byte[]> lookFor) {
            this.lookFor = lookFor;
            keep = lookFor.stream().mapToInt(text -> text.length - 1).max().orElse(0);
        }

        synchronized void add(ByteBuffer bytes) {
            int length = bytes.remaining();
            byte[] all = Arrays.copyOf(tail, tail.length + length);
            bytes.get(bytes.position(), all, tail.length, length);
            for (int i = tail.length; i < all.length; i++) {
                counts[all[i] & 0xff]++;
                run = all[i] >= ' ' && all[i] <= '~' ? run + 1 : 0;
                longest = Math.max(longest, run);
            }
            for (byte[] text : lookFor) {
                found += occurrences(all, text, Math.max(0, tail.length - text.length + 1));
            }
            tail = Arrays.copyOfRange(all, Math.max(0, all.length - keep), all.length);
        }

        private static long occurrences(byte[] all, byte[] text, int from) {
            long count = 0;
            for (int i = from; i + text.length <= all.length; i++) {
                if (all[i] == text[0] && Arrays.equals(all, i, i + text.length, text, 0, text.length)) {
                    count++;
                }
            }
            return count;
        }

        synchronized Seen seen() {
            long total = Arrays.stream(counts).sum();
            double entropy = 0;
            for (long count : counts) {
                double share = (double) count / total;
                entropy -= count == 0 ? 0 : share * Math.log(share) / Math.log(2);
            }
            return new Seen(total, entropy, longest, found);
        }
    }
}
