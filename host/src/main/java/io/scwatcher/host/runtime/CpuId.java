package io.scwatcher.host.runtime;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What the processor says of SGX (SDM vol. 3D, 38.7.2: CPUID leaf 12H), by the kernel's cpuid driver (cpuid(4)). */
record CpuId(Path device) {
    private static final int STRUCTURED_FEATURES = 0x7;
    private static final int SGX = 0x12;
    private static final int EAX = 0;
    private static final int EBX = 1;

    /** CPUID.(EAX=07H,ECX=0):EBX.SGX. @throws IOException if the driver is not there, or not for this user */
    boolean hasSgx() throws IOException {
        return bit(STRUCTURED_FEATURES, EBX, 2);
    }

    /** Memory can be added to enclaves that run (EDMM). */
    boolean hasSgx2() throws IOException {
        return hasSgx() && bit(SGX, EAX, 1);
    }

    /** Enclaves learn the addresses of their page faults. */
    boolean reportsFaultAddresses() throws IOException {
        return hasSgx() && bit(SGX, EBX, 0);
    }

    private boolean bit(int leaf, int register, int bit) throws IOException {
        ByteBuffer registers = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        // The offset is the leaf, and the subleaf in its upper half.
        try (FileChannel channel = FileChannel.open(device, StandardOpenOption.READ)) {
            if (channel.read(registers, leaf) < registers.capacity()) {
                throw new IOException(device + " gives no leaf " + Integer.toHexString(leaf));
            }
        }
        return (registers.getInt(4 * register) >>> bit & 1) != 0;
    }
}
