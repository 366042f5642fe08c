package io.scwatcher.os.mm;

import static io.scwatcher.os.abi.Errno.EFAULT;
import static io.scwatcher.os.abi.Errno.ENAMETOOLONG;

import io.scwatcher.cpu.memory.AddressSpace;
import io.scwatcher.os.syscall.SystemCallException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Copies between system calls and the memory of the program that made them. Every method throws {@link SystemCallException} EFAULT where the
 * program could not have accessed the memory itself. Little endian. Lengths that a program chose are to be bounded by the caller.
 */
public final class UserMemory {
    /** PATH_MAX: the longest path with its NUL. */
    public static final int PATH_MAX = 4096;

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final AddressSpace space;

    public UserMemory(AddressSpace space) {
        this.space = space;
    }

    public AddressSpace space() {
        return space;
    }

    /** As {@code copy_from_user}. */
    public void copyIn(long address, byte[] to, int offset, int length) {
        if (length > 0 && space.read(address, to, offset, length) < length) {
            throw SystemCallException.of(EFAULT);
        }
    }

    public byte[] copyIn(long address, int length) {
        byte[] bytes = new byte[length];
        copyIn(address, bytes, 0, length);
        return bytes;
    }

    /** As {@code copy_to_user}; what lies before a bad page is written. */
    public void copyOut(long address, byte[] from, int offset, int length) {
        if (length > 0 && space.write(address, from, offset, length) < length) {
            throw SystemCallException.of(EFAULT);
        }
    }

    public void copyOut(long address, byte[] from) {
        copyOut(address, from, 0, from.length);
    }

    /** The bytes up to the first fault or to {@code length}; never fails. */
    public int tryCopyIn(long address, byte[] to, int offset, int length) {
        return length <= 0 ? 0 : space.read(address, to, offset, length);
    }

    /** Likewise, to the program. */
    public int tryCopyOut(long address, byte[] from, int offset, int length) {
        return length <= 0 ? 0 : space.write(address, from, offset, length);
    }

    /**
     * A NUL-terminated string, one {@code char} for each byte.
     *
     * @param limit most bytes with the NUL; more is ENAMETOOLONG
     */
    public String readString(long address, int limit) {
        byte[] bytes = new byte[Math.min(limit, 128)];
        int length = 0;
        while (true) {
            // in pieces that end with a page at the latest, so that the string may end right before an unmapped page
            int wanted = (int) Math.min(bytes.length - length, 4096 - ((address + length) & 4095));
            int got = space.read(address + length, bytes, length, wanted);
            for (int i = length; i < length + got; i++) {
                if (bytes[i] == 0) {
                    return new String(bytes, 0, i, StandardCharsets.ISO_8859_1);
                }
            }
            length += got;
            if (got < wanted) {
                throw SystemCallException.of(EFAULT);
            }
            if (length == limit) {
                throw SystemCallException.of(ENAMETOOLONG);
            }
            if (length == bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.min(limit, bytes.length * 4));
            }
        }
    }

    /** A path: ENAMETOOLONG from {@value #PATH_MAX} bytes on. */
    public String readPath(long address) {
        return readString(address, PATH_MAX);
    }

    public int get8(long address) {
        return copyIn(address, 1)[0] & 0xff;
    }

    public int get16(long address) {
        return (short) SHORT.get(copyIn(address, 2), 0) & 0xffff;
    }

    public int get32(long address) {
        return (int) INT.get(copyIn(address, 4), 0);
    }

    public long get64(long address) {
        return (long) LONG.get(copyIn(address, 8), 0);
    }

    public void put8(long address, int value) {
        copyOut(address, new byte[] {(byte) value});
    }

    public void put16(long address, int value) {
        byte[] bytes = new byte[2];
        SHORT.set(bytes, 0, (short) value);
        copyOut(address, bytes);
    }

    public void put32(long address, int value) {
        byte[] bytes = new byte[4];
        INT.set(bytes, 0, value);
        copyOut(address, bytes);
    }

    public void put64(long address, long value) {
        byte[] bytes = new byte[8];
        LONG.set(bytes, 0, value);
        copyOut(address, bytes);
    }

    /** As {@code clear_user}. */
    public void zero(long address, long length) {
        byte[] zeros = new byte[(int) Math.min(length, 4096)];
        for (long done = 0; done < length; done += zeros.length) {
            copyOut(address + done, zeros, 0, (int) Math.min(zeros.length, length - done));
        }
    }
}
