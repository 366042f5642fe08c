package io.scwatcher.cpu.compile;

import io.scwatcher.cpu.Flags;
import io.scwatcher.cpu.decode.Family;
import io.scwatcher.cpu.decode.Instruction;
import io.scwatcher.cpu.decode.Opcode;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which instructions of a region must compute the status flags. Most flags are never read; most that are read are so by the conditional jump right
 * behind a comparison, which is fused with it: the jump compares the operands, and no flag is computed. An exit behind a fusible instruction computes
 * them on its way out.
 */
final class FlagPlan {
    /** What a fused condition looks at. */
    enum Kind { SUBTRACT, ADD, LOGIC, INCREMENT, DECREMENT, BIT, ORDER }

    /** The instruction that last changed the flags. */
    record Producer(Kind kind, int size, Instruction instruction) {
    }

    private final Map<Instruction, Producer> fusedWith = new IdentityHashMap<>();
    private final Map<Instruction, Boolean> kept = new IdentityHashMap<>();
    private final Map<Instruction, Boolean> materialized = new IdentityHashMap<>();
    private final Region region;
    private final Producer[] atEnd;

    FlagPlan(Region region) {
        this.region = region;
        atEnd = new Producer[region.nodes.size()];
        for (Region.Node node : region.nodes) {
            fuse(node);
        }
        findMaterialized(architecturallyLive());
    }

    /** The producer whose operands decide a condition, or null: the flags decide. */
    Producer fused(Instruction consumer) {
        return fusedWith.get(consumer);
    }

    /** Whether a producer's operands must be kept for what is fused with it. */
    boolean isKept(Instruction producer) {
        return kept.containsKey(producer);
    }

    /** Whether an instruction must leave the flags themselves. */
    boolean isMaterialized(Instruction producer) {
        return materialized.containsKey(producer);
    }

    /** What an exit at the node's end computes the flags from, or null: they are there. */
    Producer atEnd(Region.Node node) {
        Producer producer = atEnd[node.index];
        return producer == null || isMaterialized(producer.instruction) || !computableLater(producer) ? null : producer;
    }

    private static boolean computableLater(Producer producer) {
        return switch (producer.kind) {
            case SUBTRACT, ADD, LOGIC -> true;
            default -> false;
        };
    }

    private void fuse(Region.Node node) {
        Producer producer = null;
        if (!node.entry && node.predecessors.size() == 1) {
            Region.Node before = node.predecessors.getFirst();
            if (before.index < node.index && isDirect(Region.exit(before.last()))) {
                producer = atEnd[before.index];
            }
        }
        for (Instruction in : node.instructions) {
            if (isCondition(in) && producer != null && fusible(producer.kind, in.condition)) {
                fusedWith.put(in, producer);
                kept.put(producer.instruction, true);
            }
            if (mayChangeFlags(in)) {
                producer = producer(in);
            }
        }
        atEnd[node.index] = producer;
        if (producer != null && computableLater(producer) && leaves(node)) {
            kept.put(producer.instruction, true);
        }
    }

    private static boolean isDirect(Region.Exit exit) {
        return switch (exit) {
            case FALL_THROUGH, CONDITIONAL, JUMP, CALL -> true;
            default -> false;
        };
    }

    /** Whether control may leave the region at the node's end, by an exit or by an interrupted backward branch. */
    static boolean leaves(Region.Node node) {
        for (Region.Node successor : node.successors) {
            if (successor == null || successor.index <= node.index) {
                return true;
            }
        }
        return false;
    }

    private static boolean isCondition(Instruction in) {
        return in.opcode == Opcode.JCC || in.opcode == Opcode.SETCC || in.opcode == Opcode.CMOVCC;
    }

    static boolean mayChangeFlags(Instruction in) {
        return Effects.flagsChanged(in) != 0 || Effects.flagsRead(in) == Flags.STATUS || switch (in.opcode) {
            case SHL, SHR, SAR, ROL, ROR, RCL, RCR, SHLD, SHRD, CMPS, SCAS, POPF, SAHF -> true;
            default -> false;
        };
    }

    private static Producer producer(Instruction in) {
        if (in.lock) {
            return null;
        }
        return switch (in.opcode) {
            case SUB, CMP, NEG -> new Producer(Kind.SUBTRACT, in.operandSize, in);
            case ADD -> new Producer(Kind.ADD, in.operandSize, in);
            case AND, OR, XOR, TEST -> new Producer(Kind.LOGIC, in.operandSize, in);
            case INC -> new Producer(Kind.INCREMENT, in.operandSize, in);
            case DEC -> new Producer(Kind.DECREMENT, in.operandSize, in);
            case BT -> IntegerTranslator.translatesBitTest(in) ? new Producer(Kind.BIT, in.operandSize, in) : null;
            case COMISD, UCOMISD, COMISS, UCOMISS -> new Producer(Kind.ORDER, 4, in);
            default -> null;
        };
    }

    private static boolean fusible(Kind kind, int condition) {
        int code = condition >> 1;
        return switch (kind) {
            case SUBTRACT -> code != 0 && code != 5;
            case LOGIC -> true;
            case ADD -> code == 1 || code == 2 || code == 4;
            case INCREMENT, DECREMENT -> code == 2 || code == 4;
            case BIT -> code == 1;
            case ORDER -> code == 1 || code == 2 || code == 3 || code == 5;
        };
    }

    /** For each node, the flags on which anything behind its end may depend, fused or not. */
    private int[] architecturallyLive() {
        int[] liveIn = new int[region.nodes.size()];
        int[] liveOut = new int[region.nodes.size()];
        for (boolean changed = true; changed;) {
            changed = false;
            for (int n = region.nodes.size() - 1; n >= 0; n--) {
                Region.Node node = region.nodes.get(n);
                int live = leaves(node) ? Flags.STATUS : 0;
                for (Region.Node successor : node.successors) {
                    live |= successor == null ? 0 : liveIn[successor.index];
                }
                liveOut[n] = live;
                for (Instruction in : node.instructions.reversed()) {
                    live = live & ~Effects.flagsChanged(in) | Effects.flagsRead(in);
                }
                changed |= live != liveIn[n];
                liveIn[n] = live;
            }
        }
        return liveOut;
    }

    /**
     * Backwards, the flags that must be there as flags: for conditions that are not fused, for exits that can't compute them, and for instructions that
     * may fault while flags are alive.
     */
    private void findMaterialized(int[] liveOut) {
        int[] neededIn = new int[region.nodes.size()];
        for (boolean changed = true; changed;) {
            changed = false;
            for (int n = region.nodes.size() - 1; n >= 0; n--) {
                Region.Node node = region.nodes.get(n);
                Producer last = atEnd[n];
                int needed = leaves(node) && (last == null || !computableLater(last)) ? Flags.STATUS : 0;
                for (Region.Node successor : node.successors) {
                    needed |= successor == null ? 0 : neededIn[successor.index];
                }
                needed = walk(node.instructions, needed, liveOut[n]);
                changed |= needed != neededIn[n];
                neededIn[n] = needed;
            }
        }
    }

    private int walk(List<Instruction> instructions, int neededAtEnd, int liveAtEnd) {
        int needed = neededAtEnd;
        int live = liveAtEnd;
        for (Instruction in : instructions.reversed()) {
            int changed = Effects.flagsChanged(in);
            if ((needed & (changed != 0 ? changed : Flags.STATUS)) != 0 && mayChangeFlags(in)) {
                materialized.put(in, true);
            }
            needed &= ~changed;
            live = live & ~changed | Effects.flagsRead(in);
            if (fusedWith.get(in) == null) {
                needed |= Effects.flagsRead(in);
            }
            if (mayFault(in)) {
                needed |= live;
            }
        }
        return needed;
    }

    /** Whether it may raise an exception, or call something that looks at the flags. */
    static boolean mayFault(Instruction in) {
        return in.memory && in.opcode != Opcode.LEA && in.opcode != Opcode.NOP || switch (in.opcode) {
            case PUSH, POP, CALL, RET, LEAVE, DIV, IDIV -> true;
            default -> in.form.family() == Family.X87 || in.form.family() == Family.MMX || ScalarTranslator.mayFault(in);
        };
    }
}
