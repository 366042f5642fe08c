package io.scwatcher.channel.page;

import io.scwatcher.channel.ChannelException;
import io.scwatcher.memory.PhysicalRange;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the agent says of its VM.
 *
 * @param description one line for people
 * @param ram ascending and disjoint
 * @param captures the kinds of epochs that can be had; empty if the memory stands still by nature
 * @param vmcoreinfo the note that a dump carries, at most {@link #MAX_NOTE} bytes
 */
record VmDescription(VmIdentity identity, String description, List<PhysicalRange> ram, Set<EpochKind> captures,
        Optional<byte[]> vmcoreinfo) {
    static final int MAX_NOTE = 1 << 16;
    private static final int RANGE = 2 * Long.BYTES;

    int capacity() {
        return 128 + Frame.MAX_TEXT + RANGE * ram.size() + vmcoreinfo.map(note -> note.length).orElse(0);
    }

    void put(ByteBuffer to) {
        identity.put(to);
        Frame.putText(to, description);
        int flags = 0;
        for (EpochKind kind : captures) {
            flags |= 1 << kind.ordinal();
        }
        to.put((byte) flags);
        putRanges(to, ram);
        byte[] note = vmcoreinfo.filter(bytes -> bytes.length <= MAX_NOTE).orElse(new byte[0]);
        to.putInt(note.length).put(note);
    }

    static VmDescription parse(ByteBuffer from) throws ChannelException {
        VmIdentity identity = VmIdentity.parse(from);
        String description = Frame.text(from);
        Set<EpochKind> captures = captures(from.get());
        List<PhysicalRange> ram = ranges(from);
        byte[] note = Frame.bytes(from, from.getInt(), MAX_NOTE);
        return new VmDescription(identity, description, ram, captures,
                note.length == 0 ? Optional.empty() : Optional.of(note));
    }

    private static Set<EpochKind> captures(int flags) throws ChannelException {
        Set<EpochKind> captures = EnumSet.noneOf(EpochKind.class);
        for (EpochKind kind : EpochKind.values()) {
            if ((flags & 1 << kind.ordinal()) != 0) {
                captures.add(kind);
            }
        }
        if (flags >>> EpochKind.values().length != 0) {
            throw new ChannelException("epochs of unknown kinds (" + flags + ")");
        }
        return captures;
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
