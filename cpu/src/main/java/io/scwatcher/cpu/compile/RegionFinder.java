package io.scwatcher.cpu.compile;

import io.scwatcher.cpu.decode.Instruction;
import io.scwatcher.cpu.interpret.Block;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Finds the region around a hot block: what is reached from it by direct branches, calls, and behind calls, as far as it has been executed too, nearest first, up to a
 * number of instructions.
 */
final class RegionFinder {
    private final CodeImage image;
    private final int limit;
    private final TreeMap<Integer, Instruction> instructions = new TreeMap<>();
    /** Where nodes begin. */
    private final TreeSet<Integer> leaders = new TreeSet<>();
    /** Where the dispatcher may enter. */
    private final TreeSet<Integer> entries = new TreeSet<>();
    private final ArrayDeque<Integer> waiting = new ArrayDeque<>();

    private RegionFinder(CodeImage image, int limit) {
        this.image = image;
        this.limit = limit;
    }

    /** @return null if not even the first instruction can be decoded */
    static Region find(CodeImage image, int start, int limit) {
        RegionFinder finder = new RegionFinder(image, limit);
        finder.entries.add(start);
        finder.add(start);
        while (!finder.waiting.isEmpty() && finder.instructions.size() < limit) {
            finder.follow(finder.waiting.poll());
        }
        return finder.instructions.containsKey(start) ? finder.region() : null;
    }

    private void add(int leader) {
        if (leaders.add(leader)) {
            waiting.add(leader);
        }
    }

    private void addIfExecuted(int target) {
        Block block = image.block(target);
        if (block != null && (block.executions > 0 || block.compiled != null)) {
            add(target);
        }
    }

    /** Takes straight-line code from a leader on. */
    private void follow(int leader) {
        int offset = leader;
        while (!instructions.containsKey(offset) && instructions.size() < limit) {
            Instruction in = image.instruction(offset);
            if (in == null) {
                return;
            }
            instructions.put(offset, in);
            int next = offset + in.length;
            switch (Region.exit(in)) {
                case FALL_THROUGH -> { }
                case CONDITIONAL -> {
                    addIfExecuted(offset + (int) in.immediate);
                    addIfExecuted(next);
                    return;
                }
                case JUMP -> {
                    addIfExecuted(offset + (int) in.immediate);
                    return;
                }
                case CALL -> {
                    addIfExecuted(offset + (int) in.immediate);
                    addReturnSite(next);
                    return;
                }
                case INDIRECT_CALL -> {
                    addReturnSite(next);
                    return;
                }
                default -> {
                    return;
                }
            }
            offset = next;
        }
        if (instructions.containsKey(offset)) {
            leaders.add(offset);
        }
    }

    private void addReturnSite(int next) {
        addIfExecuted(next);
        if (leaders.contains(next)) {
            entries.add(next);
        }
    }

    private Region region() {
        TreeMap<Integer, Region.Node> nodes = new TreeMap<>();
        for (int leader : leaders) {
            if (instructions.containsKey(leader)) {
                nodes.put(leader, node(leader));
            }
        }
        return new Region(nodes);
    }

    private Region.Node node(int leader) {
        Region.Node node = new Region.Node(leader);
        node.entry = entries.contains(leader);
        for (Map.Entry<Integer, Instruction> next = Map.entry(leader, instructions.get(leader)); next != null;) {
            node.instructions.add(next.getValue());
            int end = next.getKey() + next.getValue().length;
            Instruction following = instructions.get(end);
            boolean goesOn = Region.exit(next.getValue()) == Region.Exit.FALL_THROUGH && !leaders.contains(end) && following != null;
            next = goesOn ? Map.entry(end, following) : null;
        }
        return node;
    }
}
