package io.scwatcher.cpu.compile;

import io.scwatcher.cpu.CpuException;
import io.scwatcher.cpu.Event;
import io.scwatcher.cpu.decode.Family;
import io.scwatcher.cpu.decode.Instruction;
import io.scwatcher.cpu.interpret.Handler;
import io.scwatcher.cpu.interpret.Translator;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DynamicConstantDesc;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a region as a class: a subclass of {@link CompiledEntry} whose method {@code run} begins at the entry that its instance stands for. The general
 * and XMM registers are in local variables from there to the one exit, which exceptions share.
 */
final class RegionWriter {
    private static final ClassDesc ENTRY = RegionCode.desc(CompiledEntry.class);
    private static final ClassDesc HANDLER = RegionCode.desc(Handler.class);
    private static final ClassDesc INSTRUCTION = RegionCode.desc(Instruction.class);
    private static final ClassDesc EXCEPTION = RegionCode.desc(CpuException.class);
    private static final ClassDesc EVENT = RegionCode.desc(Event.class);

    private final Region region;
    private final FlagPlan plan;
    private final int registers;

    /** Handlers and instructions that the code refers to: the class data of the hidden class. */
    private final List<Object> constants = new ArrayList<>();

    private RegionCode code;
    private CodeBuilder c;
    private IntegerTranslator integers;
    private MultiplyShiftTranslator products;
    private VectorTranslator vectors;
    private FlagsTranslator flags;
    private Label[] labels;
    private Label exit;
    private Label exitToTarget;
    private Label store;
    /** The local with the exception at the exit, or null. */
    private int exception;

    /** Code that runs seldom, written behind the rest. */
    private final ArrayDeque<Runnable> deferred = new ArrayDeque<>();

    RegionWriter(Region region) {
        this.region = region;
        plan = new FlagPlan(region);
        registers = region.registers();
    }

    List<Object> constants() {
        return constants;
    }

    byte[] write() {
        ClassDesc name = ClassDesc.of(CompiledEntry.class.getPackageName(), "Region");
        return ClassFile.of().build(name, builder -> builder
                .withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER)
                .withSuperclass(ENTRY)
                .withMethodBody(ConstantDescs.INIT_NAME, RegionCode.signature(RegionCode.VOID, RegionCode.INT, RegionCode.INT), 0, b -> b
                        .aload(0).iload(1).iload(2)
                        .invokespecial(ENTRY, ConstantDescs.INIT_NAME, RegionCode.signature(RegionCode.VOID, RegionCode.INT, RegionCode.INT)).return_())
                .withMethodBody("run", RegionCode.signature(EVENT, RegionCode.CPU), ClassFile.ACC_PUBLIC, this::body));
    }

    private void body(CodeBuilder builder) {
        begin(builder);
        prologue();
        Label start = c.newBoundLabel();
        dispatch();
        for (Region.Node node : region.nodes) {
            node(node);
        }
        while (!deferred.isEmpty()) {
            deferred.poll().run();
        }
        Label end = c.newBoundLabel();
        epilogue(start, end);
    }

    private void begin(CodeBuilder builder) {
        constants.clear();
        deferred.clear();
        c = builder;
        code = new RegionCode(builder);
        flags = new FlagsTranslator(code, plan);
        integers = new IntegerTranslator(code, flags, plan);
        products = new MultiplyShiftTranslator(code, plan);
        vectors = new VectorTranslator(code, plan);
        labels = new Label[region.nodes.size()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = c.newLabel();
        }
        exit = c.newLabel();
        exitToTarget = c.newLabel();
        store = c.newLabel();
        exception = Locals.FIRST_TEMPORARY;
    }

    private void prologue() {
        code.getCpu("rip", RegionCode.LONG);
        c.aload(Locals.THIS).getfield(ENTRY, "offset", RegionCode.INT).i2l().lsub().lstore(Locals.BASE);
        c.aload(Locals.CPU).invokevirtual(RegionCode.CPU, "lookaside", RegionCode.signature(RegionCode.LOOKASIDE)).astore(Locals.LOOKASIDE);
        c.aload(Locals.CPU).invokevirtual(RegionCode.CPU, "pages", RegionCode.signature(RegionCode.PAGES)).astore(Locals.PAGES);
        code.getCpu("gpr", RegionCode.LONGS);
        c.astore(Locals.GPR);
        code.getCpu("xmm", RegionCode.LONGS);
        c.astore(Locals.XMM);
        code.loadFlags();
        c.iconst_0().istore(Locals.PC);
        code.fill(registers);
        code.fillVectors(region.vectors());
        if ((registers >> IntegerTranslator.RSP & 1) != 0) {
            ClassDesc entry = RegionCode.LOOKASIDE.componentType();
            c.aload(Locals.LOOKASIDE).lload(Locals.register(IntegerTranslator.RSP));
            c.invokestatic(RegionCode.MEMORY, "stackPage", RegionCode.signature(entry, RegionCode.LOOKASIDE, RegionCode.LONG));
            c.dup().getfield(entry, "writeTag", RegionCode.LONG).lstore(Locals.STACK_TAG);
            c.getfield(entry, "bytes", RegionCode.BYTES).astore(Locals.STACK);
        }
    }

    private void dispatch() {
        List<SwitchCase> cases = new ArrayList<>();
        Label first = null;
        for (Region.Node node : region.nodes) {
            if (node.entry) {
                first = first == null ? labels[node.index] : first;
                cases.add(SwitchCase.of(cases.size(), labels[node.index]));
            }
        }
        if (cases.size() == 1) {
            c.goto_(first);
        } else {
            c.aload(Locals.THIS).getfield(ENTRY, "entry", RegionCode.INT);
            c.tableswitch(0, cases.size() - 1, first, cases);
        }
    }

    private void node(Region.Node node) {
        c.labelBinding(labels[node.index]);
        int offset = node.start;
        List<Instruction> instructions = node.instructions;
        for (int i = 0; i < instructions.size() - 1; i++) {
            instruction(instructions.get(i), offset);
            offset += instructions.get(i).length;
        }
        Instruction last = instructions.getLast();
        switch (Region.exit(last)) {
            case FALL_THROUGH -> {
                instruction(last, offset);
                go(node, node.end());
            }
            case CONDITIONAL -> {
                flags.jump(last, false, branchLabel(node, Region.target(node)));
                go(node, node.end());
            }
            case JUMP -> go(node, Region.target(node));
            case CALL -> {
                code.begin(offset, true);
                pushReturnAddress(node);
                go(node, Region.target(node));
            }
            case INDIRECT_JUMP -> {
                code.begin(offset, true);
                integers.readTarget(last);
                goToTarget(node, region.indirectSuccessors(node));
            }
            case INDIRECT_CALL -> {
                code.begin(offset, true);
                integers.readTarget(last);
                pushReturnAddress(node);
                goToTarget(node, region.indirectSuccessors(node));
            }
            case RETURN -> {
                code.begin(offset, true);
                integers.popTarget(last);
                goToTarget(node, region.returnSites);
            }
            default -> {
                code.begin(offset, true);
                leave(node, exit);
            }
        }
    }

    private void pushReturnAddress(Region.Node node) {
        int value = code.temporaryLong();
        code.here(node.end());
        c.lstore(value);
        integers.pushLong(value);
    }

    private void instruction(Instruction in, int offset) {
        code.begin(offset, FlagPlan.mayFault(in));
        if (!(in.form.family() == Family.INTEGER ? integers.translate(in) || products.translate(in) : vectors.translate(in))) {
            handle(in);
        }
    }

    /** Leaves the instruction to the interpreter's handler, which finds all that it touches in the processor, and only that. */
    private void handle(Instruction in) {
        int touched = Effects.registers(in);
        int vectorsTouched = Effects.vectors(in);
        boolean usesFlags = FlagPlan.mayChangeFlags(in) || Effects.flagsRead(in) != 0;
        code.begin(code.offset, true);
        code.spill(touched);
        code.spillVectors(vectorsTouched);
        c.aload(Locals.CPU);
        code.here(code.offset);
        c.putfield(RegionCode.CPU, "rip", RegionCode.LONG);
        if (usesFlags) {
            code.storeFlags();
        }
        Label before = c.newBoundLabel();
        constant(Translator.handler(in), HANDLER);
        c.aload(Locals.CPU);
        constant(in, INSTRUCTION);
        c.invokeinterface(HANDLER, "execute", RegionCode.signature(RegionCode.VOID, RegionCode.CPU, INSTRUCTION));
        Label after = c.newBoundLabel();
        code.refill(touched);
        code.refillVectors(vectorsTouched);
        if (FlagPlan.mayChangeFlags(in)) {
            code.loadFlags();
        }
        if (in.repeat || in.repeatNotEqual) {
            interruptible(before, after, touched);
        }
    }

    /** A repeated string instruction that is interrupted has changed registers. */
    private void interruptible(Label before, Label after, int touched) {
        Label handler = c.newLabel();
        c.exceptionCatch(before, after, handler, EXCEPTION);
        deferred.add(() -> {
            c.labelBinding(handler).astore(exception);
            code.refill(touched);
            code.loadFlags();
            c.goto_(store);
        });
    }

    private void constant(Object value, ClassDesc type) {
        c.ldc(DynamicConstantDesc.ofNamed(ConstantDescs.BSM_CLASS_DATA_AT, ConstantDescs.DEFAULT_NAME, type, constants.size()));
        constants.add(value);
    }

    /** Continues at an offset: in the region, or by leaving it. */
    private void go(Region.Node from, int target) {
        Region.Node to = region.at(target);
        if (to == null) {
            c.loadConstant(target).istore(Locals.PC);
            leave(from, exit);
        } else {
            if (to.index <= from.index) {
                c.loadConstant(target).istore(Locals.PC);
                c.aload(Locals.CPU).invokevirtual(RegionCode.CPU, "attentionRequested", RegionCode.signature(ConstantDescs.CD_boolean));
                c.ifne(leaveLabel(from, exit));
            }
            c.goto_(labels[to.index]);
        }
    }

    /** The label to jump to in order to continue at an offset. */
    private Label branchLabel(Region.Node from, int target) {
        Region.Node to = region.at(target);
        if (to != null && to.index > from.index) {
            return labels[to.index];
        }
        Label label = c.newLabel();
        deferred.add(() -> {
            c.labelBinding(label);
            go(from, target);
        });
        return label;
    }

    private void leave(Region.Node from, Label how) {
        FlagPlan.Producer producer = plan.atEnd(from);
        if (producer != null) {
            flags.materialize(producer.kind(), producer.size());
        }
        c.goto_(how);
    }

    private Label leaveLabel(Region.Node from, Label how) {
        if (plan.atEnd(from) == null) {
            return how;
        }
        Label label = c.newLabel();
        deferred.add(() -> {
            c.labelBinding(label);
            leave(from, how);
        });
        return label;
    }

    /** Continues at the target's address: at one of the nodes, or by leaving the region. */
    private void goToTarget(Region.Node from, List<Region.Node> candidates) {
        if (candidates.isEmpty()) {
            leave(from, exitToTarget);
            return;
        }
        Label elsewhere = leaveLabel(from, exitToTarget);
        int distance = code.temporaryLong();
        c.lload(Locals.TARGET).lload(Locals.BASE).lsub().lstore(distance);
        c.lload(distance).lload(distance).l2i().i2l().lcmp().ifne(elsewhere);
        List<SwitchCase> cases = new ArrayList<>();
        for (Region.Node candidate : candidates) {
            cases.add(SwitchCase.of(candidate.start, branchLabel(from, candidate.start)));
        }
        c.lload(distance).l2i().lookupswitch(elsewhere, cases);
    }

    private void epilogue(Label start, Label end) {
        Label ending = c.newLabel();
        c.labelBinding(exit);
        c.aload(Locals.CPU);
        c.lload(Locals.BASE).iload(Locals.PC).i2l().ladd().putfield(RegionCode.CPU, "rip", RegionCode.LONG);
        c.aconst_null().astore(exception).goto_(ending);
        c.labelBinding(exitToTarget);
        code.putCpu("rip", Locals.TARGET);
        c.aconst_null().astore(exception).goto_(ending);
        Label handler = c.newBoundLabel();
        c.astore(exception);
        c.labelBinding(store);
        c.aload(Locals.CPU);
        c.lload(Locals.BASE).iload(Locals.PC).i2l().ladd().putfield(RegionCode.CPU, "rip", RegionCode.LONG);
        c.labelBinding(ending);
        code.spill(code.written());
        code.spillVectors(code.writtenVectors());
        code.storeFlags();
        Label fine = c.newLabel();
        c.aload(exception).ifnull(fine).aload(exception).athrow();
        c.labelBinding(fine).aconst_null().areturn();
        c.exceptionCatch(start, end, handler, EXCEPTION);
    }
}
