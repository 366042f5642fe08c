package io.scwatcher.channel.page;

import io.scwatcher.channel.ChannelException;
import io.scwatcher.memory.PhysicalRange;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the agent says of its VM.
 *
 * @param description one line for people
 * @param ram ascending and disjoint
 * @param live whether the memory can change between two reads
 * @param canPause whether paused epochs can be had
 * @param vmcoreinfo the note that a dump carries, at most {@link #MAX_NOTE} bytes
 */
record VmDescription(VmIdentity identity, String description, List<PhysicalRange> ram, boolean live, boolean canPause,
        Optional<byte[]> vmcoreinfo) {
    static final int MAX_NOTE = 1 << 16;
    private static final int LIVE = 1;
    private static final int CAN_PAUSE = 2;
    private static final int RANGE = 2 * Long.BYTES;

    int capacity() {
        return 128 + Frame.MAX_TEXT + RANGE * ram.size() + vmcoreinfo.map(note -> note.length).orElse(0);
    }

    void put(ByteBuffer to) {
        identity.put(to);
        Frame.putText(to, description);
        to.put((byte) ((live ? LIVE : 0) | (canPause ? CAN_PAUSE : 0)));
        putRanges(to, ram);
        byte[] note = vmcoreinfo.filter(bytes -> bytes.length <= MAX_NOTE).orElse(new byte[0]);
        to.putInt(note.length).put(note);
    }

    static VmDescription parse(ByteBuffer from) throws ChannelException {
        VmIdentity identity = VmIdentity.parse(from);
        String description = Frame.text(from);
        int flags = from.get();
        List<PhysicalRange> ram = ranges(from);
        byte[] note = Frame.bytes(from, from.getInt(), MAX_NOTE);
        return new VmDescription(identity, description, ram, (flags & LIVE) != 0, (flags & CAN_PAUSE) != 0,
                note.length == 0 ? Optional.empty() : Optional.of(note));
    }

    static void putRanges(ByteBuffer to, List<PhysicalRange> ranges) {
        to.putInt(ranges.size());
        for (PhysicalRange range : ranges) {
            to.putLong(range.start()).putLong(range.length());
        }
    }

    static PhysicalRange range(ByteBuffer from) throws ChannelException {
        try {
            return new PhysicalRange(from.getLong(), from.getLong());
        } catch (IllegalArgumentException e) {
            throw new ChannelException(e.getMessage(), e);
        }
    }

    /** Ascending and disjoint ranges. */
    static List<PhysicalRange> ranges(ByteBuffer from) throws ChannelException {
        int count = Frame.count(from, RANGE, Frame.MAX_MAP);
        List<PhysicalRange> ranges = new ArrayList<>(count);
        long end = 0;
        for (int i = 0; i < count; i++) {
            PhysicalRange next = range(from);
            if (next.start() < end) {
                throw new ChannelException("a memory map that is not ascending");
            }
            end = next.end();
            ranges.add(next);
        }
        return ranges;
    }
}
