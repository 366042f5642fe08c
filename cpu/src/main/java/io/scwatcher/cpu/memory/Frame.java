package io.scwatcher.cpu.memory;

/** 4096 bytes of memory, shared by whoever maps them, with what the engine derived from them as code. */
public final class Frame {
    public static final int SIZE = 4096;

    /** Always {@link #SIZE} bytes. */
    public final byte[] bytes;

    public Frame(byte[] bytes) {
        if (bytes.length != SIZE) {
            throw new IllegalArgumentException("a frame has " + SIZE + " bytes, not " + bytes.length);
        }
        this.bytes = bytes;
    }
}
