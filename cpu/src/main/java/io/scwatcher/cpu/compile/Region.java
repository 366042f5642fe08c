package io.scwatcher.cpu.compile;

import io.scwatcher.cpu.decode.Instruction;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The part of a program that becomes one JVM method: nodes of its control flow graph. Positions are offsets from the region's base, a page's address,
 * so that the region serves wherever the file is mapped.
 */
final class Region {
    /** Straight-line code: control enters at its start and leaves at its end. */
    static final class Node {
        final int start;
        final List<Instruction> instructions = new ArrayList<>();
        /** Where the indirect branch at the end was seen to go. */
        int[] indirectTargets = {};
        /** Whether the dispatcher may enter here. */
        boolean entry;
        /** Nodes of the region that may run next; null stands for leaving the region. */
        final List<Node> successors = new ArrayList<>();
        final List<Node> predecessors = new ArrayList<>();
        /** Position in {@link Region#nodes}. */
        int index;

        Node(int start) {
            this.start = start;
        }

        Instruction last() {
            return instructions.getLast();
        }

        /** Where the last instruction begins. */
        int lastOffset() {
            return end() - last().length;
        }

        /** Behind the last instruction. */
        int end() {
            int end = start;
            for (Instruction in : instructions) {
                end += in.length;
            }
            return end;
        }
    }

    /** How control leaves a node. */
    enum Exit { FALL_THROUGH, CONDITIONAL, JUMP, CALL, INDIRECT_JUMP, INDIRECT_CALL, RETURN, UNTRANSLATED }

    /** By offset, in ascending order. */
    final List<Node> nodes = new ArrayList<>();
    private final TreeMap<Integer, Node> byStart = new TreeMap<>();

    /** Where returns within the region may go: the nodes behind its calls. */
    final List<Node> returnSites = new ArrayList<>();

    Region(TreeMap<Integer, Node> found) {
        byStart.putAll(found);
        nodes.addAll(found.values());
        for (int i = 0; i < nodes.size(); i++) {
            nodes.get(i).index = i;
        }
        for (Node node : nodes) {
            Exit exit = exit(node.last());
            if (exit == Exit.CALL || exit == Exit.INDIRECT_CALL) {
                Node site = at(node.end());
                if (site != null) {
                    returnSites.add(site);
                }
            }
        }
        nodes.forEach(this::link);
    }

    private void link(Node node) {
        switch (exit(node.last())) {
            case FALL_THROUGH -> node.successors.add(at(node.end()));
            case CONDITIONAL -> {
                node.successors.add(at(target(node)));
                node.successors.add(at(node.end()));
            }
            case JUMP, CALL -> node.successors.add(at(target(node)));
            case RETURN -> {
                node.successors.addAll(returnSites);
                node.successors.add(null);
            }
            case INDIRECT_JUMP, INDIRECT_CALL -> {
                node.successors.addAll(indirectSuccessors(node));
                node.successors.add(null);
            }
            default -> node.successors.add(null);
        }
        for (Node successor : node.successors) {
            if (successor != null) {
                successor.predecessors.add(node);
            }
        }
    }

    /** The nodes to which an indirect jump or call may go within the region. */
    List<Node> indirectSuccessors(Node node) {
        List<Node> successors = new ArrayList<>();
        for (int target : node.indirectTargets) {
            if (at(target) != null) {
                successors.add(at(target));
            }
        }
        return successors;
    }

    /** The node that begins at this offset, or null: it isn't part of the region. */
    Node at(int offset) {
        return byStart.get(offset);
    }

    /** Whether a jump from further down comes back to the node. */
    static boolean isLoop(Node node) {
        for (Node predecessor : node.predecessors) {
            Exit exit = exit(predecessor.last());
            if (predecessor.index >= node.index && (exit == Exit.CONDITIONAL || exit == Exit.JUMP)) {
                return true;
            }
        }
        return false;
    }

    /** Target of the direct branch at the node's end. */
    static int target(Node node) {
        return node.lastOffset() + (int) node.last().immediate;
    }

    static Exit exit(Instruction in) {
        if (!in.form.endsBlock()) {
            return Exit.FALL_THROUGH;
        }
        boolean direct = in.form.relative();
        return switch (in.opcode) {
            case JCC -> Exit.CONDITIONAL;
            case JMP -> direct ? Exit.JUMP : Exit.INDIRECT_JUMP;
            case CALL -> direct ? Exit.CALL : Exit.INDIRECT_CALL;
            case RET -> Exit.RETURN;
            default -> Exit.UNTRANSLATED;
        };
    }

    int instructions() {
        int count = 0;
        for (Node node : nodes) {
            count += node.instructions.size();
        }
        return count;
    }

    /** The set of general registers that its instructions touch. */
    int registers() {
        int registers = 0;
        for (Node node : nodes) {
            for (Instruction in : node.instructions) {
                registers |= Effects.registers(in);
            }
        }
        return registers;
    }

    /** The set of XMM registers that its instructions touch. */
    int vectors() {
        int vectors = 0;
        for (Node node : nodes) {
            for (Instruction in : node.instructions) {
                vectors |= Effects.vectors(in);
            }
        }
        return vectors;
    }
}
