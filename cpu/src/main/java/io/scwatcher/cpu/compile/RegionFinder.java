package io.scwatcher.cpu.compile;

import io.scwatcher.cpu.decode.Instruction;
import io.scwatcher.cpu.interpret.Block;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Finds the region around a hot block: what is reached from it by branches, calls, and behind calls, as far as it has been executed too, what was executed most
 * often first, up to a number of instructions.
 */
final class RegionFinder {
    /** A block that was executed so many times less often than the first one stays outside. */
    private static final int COLD = 16;

    private final CodeImage image;
    private final int limit;
    private final int seedExecutions;
    private final TreeMap<Integer, Instruction> instructions = new TreeMap<>();
    /** Where nodes begin. */
    private final TreeSet<Integer> leaders = new TreeSet<>();
    /** Where the dispatcher may enter. */
    private final TreeSet<Integer> entries = new TreeSet<>();
    /** Targets of indirect branches by the branch's offset. */
    private final Map<Integer, int[]> indirectTargets = new HashMap<>();
    private final PriorityQueue<Integer> waiting = new PriorityQueue<>(Comparator.comparing(this::executions).reversed());

    private RegionFinder(CodeImage image, int start, int limit) {
        this.image = image;
        seedExecutions = executions(start);
        this.limit = limit;
    }

    /** @return null if not even the first instruction can be decoded */
    static Region find(CodeImage image, int start, int limit) {
        RegionFinder finder = new RegionFinder(image, start, limit);
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

    private int executions(int offset) {
        Block block = image.block(offset);
        return block == null ? 0 : block.executions;
    }

    /** Adds where a jump goes, if it goes there often and it isn't a loop that has a region of its own. */
    private void addJump(int from, int target) {
        Block block = image.block(target);
        if (block != null && (block.compiled == null ? isHot(block) : !isLoop(block))) {
            add(target);
            if (target <= from) {
                entries.add(target);
            }
        }
    }

    /** Adds the beginning of a function, also of one that has a region of its own: calls are worth saving. */
    private void addCall(int target) {
        Block block = image.block(target);
        if (block != null && (block.compiled != null || isHot(block))) {
            add(target);
            entries.add(target);
        }
    }

    private static boolean isLoop(Block block) {
        return block.compiled instanceof CompiledEntry entry && entry.isLoop();
    }

    private boolean isHot(Block block) {
        return block.executions >= seedExecutions / COLD;
    }

    private void addReturnSite(int next) {
        Block block = image.block(next);
        if (block != null && (block.compiled != null || isHot(block))) {
            add(next);
            entries.add(next);
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
            if (Region.exit(in) != Region.Exit.FALL_THROUGH) {
                branch(in, offset, next);
                return;
            }
            offset = next;
        }
        if (instructions.containsKey(offset)) {
            leaders.add(offset);
        }
    }

    private void branch(Instruction in, int offset, int next) {
        switch (Region.exit(in)) {
            case CONDITIONAL -> {
                addJump(offset, offset + (int) in.immediate);
                addJump(offset, next);
            }
            case JUMP -> addJump(offset, offset + (int) in.immediate);
            case CALL -> {
                addCall(offset + (int) in.immediate);
                addReturnSite(next);
            }
            case INDIRECT_CALL -> {
                addIndirectTargets(offset);
                addReturnSite(next);
            }
            case INDIRECT_JUMP -> addIndirectTargets(offset);
            default -> { }
        }
    }

    private void addIndirectTargets(int branch) {
        int[] targets = image.indirectTargets(branch);
        indirectTargets.put(branch, targets);
        for (int target : targets) {
            addCall(target);
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
            node.indirectTargets = indirectTargets.getOrDefault(next.getKey(), node.indirectTargets);
            next = goesOn ? Map.entry(end, following) : null;
        }
        return node;
    }
}
