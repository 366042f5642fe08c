package io.scwatcher.cpu;

import io.scwatcher.cpu.floating.FxsaveImage;
import io.scwatcher.cpu.floating.X87;
import io.scwatcher.cpu.interpret.BlockCache;
import io.scwatcher.cpu.memory.AddressSpace;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/** The architectural state of one logical processor: one guest thread. Used by one thread at a time, but for {@link #requestAttention}. */
public final class Cpu extends LoadStoreUnit {
    public static final int USER_CS = 0x33;
    public static final int USER_DS = 0x2b;

    private static final int[] INITIAL_SEGMENTS = {0, USER_CS, USER_DS, 0, 0, 0};
    private static final int MXCSR_DEFAULT = 0x1F80;
    private static final VarHandle ATTENTION;

    static {
        try {
            ATTENTION = MethodHandles.lookup().findVarHandle(Cpu.class, "attention", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8 to R15: the order of the instruction encoding. */
    public final long[] gpr = new long[16];

    /** XMM0 to XMM15, each as its low and its high quadword. */
    public final long[] xmm = new long[32];

    /** Control and status of SSE floating point (SDM vol. 1, 10.2.3). */
    public int mxcsr = MXCSR_DEFAULT;

    /** The x87 unit, and the MM registers. */
    public final X87 x87 = new X87();

    /** Address of the next instruction; while an instruction executes, its own. */
    public long rip;

    /** The status flags: {@link Flags} explains. */
    public long result;
    public long carries;
    /** The other flags of RFLAGS that user mode can change: {@link Flags#CONTROL}. */
    public int controlFlags;

    public long fsBase;
    public long gsBase;

    /** Selectors in ES, CS, SS, DS, FS, GS, as Linux starts a program (arch/x86/include/asm/segment.h). */
    public final int[] segments = INITIAL_SEGMENTS.clone();

    /** The exception's vector (SDM vol. 3, table 6-1) after {@link Event#EXCEPTION}. */
    public int vector;

    /** The error code of a page fault (SDM vol. 3, figure 4-12): bit 0 protection, 1 write, 2 user, 4 instruction fetch. */
    public int errorCode;

    /** CR2: the address whose access faulted. */
    public long faultAddress;

    /** The blocks of decoded code that this processor met last. */
    public final BlockCache blocks = new BlockCache();

    /** How many instructions were interpreted in blocks; a comparison and the branch behind it count as one. */
    public long interpretedInstructions;

    /** How often the interpreter went on in compiled code. */
    public long compiledEntries;

    private boolean attention;

    /** A processor in its state after reset, in that address space. */
    public Cpu(AddressSpace memory) {
        super(memory);
    }

    /** RFLAGS as PUSHF shows it in user mode. */
    public long rflags() {
        return Flags.status(result, carries) | controlFlags | Flags.IF | 2;
    }

    /** Changes those flags that user mode can change. */
    public void setRflags(long flags) {
        setStatusFlags(flags);
        controlFlags = (int) flags & Flags.CONTROL;
    }

    /** Changes CF, PF, AF, ZF, SF and OF. */
    public void setStatusFlags(long flags) {
        result = Flags.result(flags);
        carries = Flags.carries(flags);
    }

    /** Whether a condition holds, as Jcc, SETcc and CMOVcc encode it. */
    public boolean condition(int code) {
        return Flags.condition(code, result, carries);
    }

    /** The registers of another processor, as after clone or fork; not its address space. */
    public void copyStateFrom(Cpu other) {
        System.arraycopy(other.gpr, 0, gpr, 0, gpr.length);
        System.arraycopy(other.xmm, 0, xmm, 0, xmm.length);
        x87.copyFrom(other.x87);
        mxcsr = other.mxcsr;
        rip = other.rip;
        result = other.result;
        carries = other.carries;
        controlFlags = other.controlFlags;
        fsBase = other.fsBase;
        gsBase = other.gsBase;
        System.arraycopy(other.segments, 0, segments, 0, segments.length);
    }

    /** The state in which a program starts, in its new address space: all registers zero. */
    public void resetForExec(AddressSpace newMemory) {
        Arrays.fill(gpr, 0);
        Arrays.fill(xmm, 0);
        x87.copyFrom(new X87());
        mxcsr = MXCSR_DEFAULT;
        rip = 0;
        setRflags(0);
        fsBase = 0;
        gsBase = 0;
        System.arraycopy(INITIAL_SEGMENTS, 0, segments, 0, segments.length);
        enter(newMemory);
        blocks.clear();
    }

    /** The image that FXSAVE64 writes: 512 bytes. */
    public byte[] fxsave() {
        return FxsaveImage.save(x87, mxcsr, xmm, 0, true);
    }

    /** Takes an image of FXSAVE64 back; false, and nothing changes, if its MXCSR has reserved bits (#GP). */
    public boolean fxrstor(byte[] image) {
        int newMxcsr = FxsaveImage.mxcsr(image);
        if ((newMxcsr & ~FxsaveImage.MXCSR_MASK) != 0) {
            return false;
        }
        FxsaveImage.restore(image, x87, xmm, true);
        mxcsr = newMxcsr;
        return true;
    }

    /** Forgets all code, since some of it has changed. */
    public void forgetCode() {
        blocks.clear();
        codeForgotten();
    }

    /** An exception that isn't a page fault: {@code throw cpu.fault(vector, errorCode)}. */
    public CpuException fault(int newVector, int newErrorCode) {
        return fault(newVector, newErrorCode, 0);
    }

    @Override
    CpuException fault(int newVector, int newErrorCode, long address) {
        vector = newVector;
        errorCode = newErrorCode;
        faultAddress = address;
        return CpuException.FAULT;
    }

    /** Makes {@link Engine#run} come back soon with {@link Event#ATTENTION}. From any thread. */
    public void requestAttention() {
        ATTENTION.setOpaque(this, true);
    }

    /** Withdraws a request: whether there was one. */
    public boolean takeAttention() {
        if (!attentionRequested()) {
            return false;
        }
        ATTENTION.setOpaque(this, false);
        return true;
    }

    /** Whether attention is asked for; cheap enough for every backward branch. */
    public boolean attentionRequested() {
        return (boolean) ATTENTION.getOpaque(this);
    }
}
