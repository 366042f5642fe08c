package io.scwatcher.cpu.compile;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.interpret.Block;
import io.scwatcher.cpu.interpret.BlockCompiler;
import io.scwatcher.cpu.memory.Frame;
import java.lang.classfile.ClassFile;
import java.lang.classfile.Attributes;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** Compiles regions, in the thread that asks. */
public final class RegionCompiler implements BlockCompiler {
    /** HotSpot never compiles methods of 8,000 bytes and more; what it inlines counts too, against another such limit. */
    static final int MAX_METHOD_BYTES = 7_500;
    private static final int MAX_INSTRUCTIONS = 160;
    /** Where control flow is as simple as this, HotSpot copes with more. */
    private static final int MAX_INSTRUCTIONS_STRAIGHT = 320;
    private static final int FEW_NODES = 12;
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

    private final int threshold;

    /** @param threshold how many executions make a block hot */
    public RegionCompiler(int threshold) {
        this.threshold = threshold;
    }

    @Override
    public int threshold() {
        return threshold;
    }

    @Override
    public void hot(Cpu cpu, Block block) {
        compile(CodeImage.around(cpu.memory(), cpu.rip & -Frame.SIZE), block);
    }

    /** Compiles the region around a block and tells the blocks that are its entries. */
    static void compile(CodeImage image, Block block) {
        if (block.compiled != null || image.block(block.offset) != block) {
            return;
        }
        for (int limit = MAX_INSTRUCTIONS_STRAIGHT; limit > 0; limit = limit > MAX_INSTRUCTIONS ? MAX_INSTRUCTIONS : limit / 2) {
            Region region = RegionFinder.find(image, block.offset, limit);
            if (region != null && limit > MAX_INSTRUCTIONS && region.nodes.size() > FEW_NODES) {
                continue;
            }
            if (region == null || region.nodes.size() == 1 && Region.exit(region.nodes.getFirst().instructions.getFirst()) == Region.Exit.UNTRANSLATED) {
                return;
            }
            RegionWriter writer = new RegionWriter(region);
            byte[] bytes = writer.write();
            if (methodBytes(bytes) <= MAX_METHOD_BYTES) {
                install(region, image, bytes, writer);
                return;
            }
        }
    }

    /** Length of the longest method of a class. */
    static int methodBytes(byte[] bytes) {
        int longest = 0;
        for (var method : ClassFile.of().parse(bytes).methods()) {
            longest = Math.max(longest, method.findAttribute(Attributes.code()).orElseThrow().codeLength());
        }
        return longest;
    }

    private static void install(Region region, CodeImage image, byte[] bytes, RegionWriter writer) {
        CodeImage used = image.restrictedTo(region.nodes);
        try {
            MethodHandles.Lookup hidden = LOOKUP.defineHiddenClassWithClassData(bytes, writer.constants(), true);
            var constructor = hidden.findConstructor(hidden.lookupClass(), MethodType.methodType(void.class, int.class, int.class));
            int entry = 0;
            for (Region.Node node : region.nodes) {
                if (node.entry) {
                    CompiledEntry compiled = (CompiledEntry) constructor.invoke(entry++, node.start);
                    Block block = image.block(node.start);
                    if (block != null && block.compiled == null) {
                        block.compiled = compiled.of(used, Region.isLoop(node));
                    }
                }
            }
        } catch (Throwable e) {
            throw new IllegalStateException("can't define a region", e);
        }
    }
}
