package io.scwatcher.cpu.floating;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The image that FXSAVE and FXRSTOR keep in memory (SDM vol. 1, 10.5.1), and the legacy region of the XSAVE area. */
public final class FxsaveImage {
    public static final int SIZE = 512;
    /** What the processor writes; the rest is software's own. */
    public static final int DEFINED_SIZE = 416;
    /** The bits of MXCSR that may be set: without misaligned exception mask. */
    public static final int MXCSR_MASK = 0xFFFF;

    private static final int MXCSR_OFFSET = 24;
    private static final int ST_OFFSET = 32;
    private static final int XMM_OFFSET = 160;

    private FxsaveImage() {
    }

    /**
     * @param opcode the last instruction's, 11 bits
     * @param wide   with 64-bit pointers (FXSAVE64)
     * @return {@link #SIZE} bytes
     */
    public static byte[] save(X87 x87, int mxcsr, long[] xmm, int opcode, boolean wide) {
        ByteBuffer image = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
        image.putShort((short) x87.control()).putShort((short) x87.status()).put((byte) x87.abridgedTags()).put((byte) 0).putShort((short) opcode);
        if (wide) {
            image.putLong(x87.instructionPointer).putLong(x87.operandPointer);
        } else {
            image.putInt((int) x87.instructionPointer).putInt(0).putInt((int) x87.operandPointer).putInt(0);
        }
        image.putInt(mxcsr).putInt(MXCSR_MASK);
        for (int i = 0; i < 8; i++) {
            image.putLong(ST_OFFSET + 16 * i, x87.st(i).significand).putShort(ST_OFFSET + 16 * i + 8, (short) x87.st(i).signExponent);
        }
        image.position(XMM_OFFSET).asLongBuffer().put(xmm, 0, 32);
        return image.array();
    }

    /** MXCSR of an image; a reserved bit in it is a general protection fault. */
    public static int mxcsr(byte[] image) {
        return ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN).getInt(MXCSR_OFFSET);
    }

    /** Restores all but MXCSR. */
    public static void restore(byte[] bytes, X87 x87, long[] xmm, boolean wide) {
        ByteBuffer image = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        x87.setControl(image.getShort(0));
        x87.setStatus(image.getShort(2));
        x87.setAbridgedTags(image.get(4));
        x87.instructionPointer = wide ? image.getLong(8) : image.getInt(8) & 0xFFFF_FFFFL;
        x87.operandPointer = wide ? image.getLong(16) : image.getInt(16) & 0xFFFF_FFFFL;
        for (int i = 0; i < 8; i++) {
            x87.st(i).set(image.getShort(ST_OFFSET + 16 * i + 8), image.getLong(ST_OFFSET + 16 * i));
        }
        image.position(XMM_OFFSET).asLongBuffer().get(xmm, 0, 32);
    }
}
