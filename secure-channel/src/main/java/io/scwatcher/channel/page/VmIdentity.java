package io.scwatcher.channel.page;

import io.scwatcher.channel.ChannelException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;

/**
 * Which VM, and which life of it.
 *
 * @param uuid as the hypervisor calls it
 * @param boot 32 bytes that differ for each start of the hypervisor's process
 */
public record VmIdentity(UUID uuid, byte[] boot) {
    /** Bytes of {@code boot}. */
    public static final int BOOT_LENGTH = 32;

    public VmIdentity {
        if (boot.length != BOOT_LENGTH) {
            throw new IllegalArgumentException("a boot identity has " + BOOT_LENGTH + " bytes, not " + boot.length);
        }
        boot = boot.clone();
    }

    @Override
    public byte[] boot() {
        return boot.clone();
    }

    void put(ByteBuffer to) {
        to.putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits()).put(boot);
    }

    static VmIdentity parse(ByteBuffer from) throws ChannelException {
        return new VmIdentity(new UUID(from.getLong(), from.getLong()), Frame.bytes(from, BOOT_LENGTH, BOOT_LENGTH));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VmIdentity that && uuid.equals(that.uuid) && Arrays.equals(boot, that.boot);
    }

    @Override
    public int hashCode() {
        return 31 * uuid.hashCode() + Arrays.hashCode(boot);
    }

    @Override
    public String toString() {
        return uuid + "/" + HexFormat.of().formatHex(boot, 0, 8);
    }
}
