package io.scwatcher.cpu;

import io.scwatcher.cpu.floating.X87;
import io.scwatcher.cpu.memory.AddressSpace;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** The architectural state of one logical processor: one guest thread. Used by one thread at a time, but for {@link #requestAttention}. */
public final class Cpu extends LoadStoreUnit {
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
    public int mxcsr = 0x1F80;

    /** The x87 unit, and the MM registers. */
    public final X87 x87 = new X87();

    public long rip;
    public long fsBase;
    public long gsBase;

    /** The exception's vector (SDM vol. 3, table 6-1) after {@link Event#EXCEPTION}. */
    public int vector;

    /** The error code of a page fault (SDM vol. 3, figure 4-12): bit 0 protection, 1 write, 2 user, 4 instruction fetch. */
    public int errorCode;

    /** CR2: the address whose access faulted. */
    public long faultAddress;

    private boolean attention;

    /** A processor in its state after reset, in that address space. */
    public Cpu(AddressSpace memory) {
        super(memory);
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

    /** Whether attention is asked for; cheap enough for every backward branch. */
    public boolean attentionRequested() {
        return (boolean) ATTENTION.getOpaque(this);
    }
}
