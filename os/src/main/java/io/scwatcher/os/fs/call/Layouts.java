package io.scwatcher.os.fs.call;

import io.scwatcher.os.fs.DeviceNumber;
import io.scwatcher.os.fs.FileStatus;
import io.scwatcher.os.fs.FileSystem;
import io.scwatcher.os.fs.Mount;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Structures of the binary interface on x86-64 that tell of files. */
public final class Layouts {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long NANOS = 1_000_000_000;
    /** STATX_BASIC_STATS and STATX_BTIME, STATX_MNT_ID. */
    private static final int STATX_GIVEN = 0x1fff;

    private Layouts() {}

    public static int get32(byte[] from, int at) {
        return (int) INT.get(from, at);
    }

    public static long get64(byte[] from, int at) {
        return (long) LONG.get(from, at);
    }

    public static void put16(byte[] to, int at, int value) {
        SHORT.set(to, at, (short) value);
    }

    public static void put32(byte[] to, int at, int value) {
        INT.set(to, at, value);
    }

    public static void put64(byte[] to, int at, long value) {
        LONG.set(to, at, value);
    }

    /** struct stat, 144 bytes. */
    static byte[] stat(FileStatus s) {
        byte[] out = new byte[144];
        put64(out, 0, s.device());
        put64(out, 8, s.inode());
        put64(out, 16, s.links());
        put32(out, 24, s.mode());
        put32(out, 28, s.uid());
        put32(out, 32, s.gid());
        put64(out, 40, s.specialDevice());
        put64(out, 48, s.size());
        put64(out, 56, s.blockSize());
        put64(out, 64, s.blocks());
        timespec(out, 72, s.atime());
        timespec(out, 88, s.mtime());
        timespec(out, 104, s.ctime());
        return out;
    }

    static void timespec(byte[] out, int at, long nanos) {
        put64(out, at, Math.floorDiv(nanos, NANOS));
        put64(out, at + 8, Math.floorMod(nanos, NANOS));
    }

    /** struct statx, 256 bytes. @param mount where it was found, or null */
    static byte[] statx(FileStatus s, Mount mount) {
        byte[] out = new byte[256];
        put32(out, 0, STATX_GIVEN);
        put32(out, 4, s.blockSize());
        put32(out, 16, s.links());
        put32(out, 20, s.uid());
        put32(out, 24, s.gid());
        put16(out, 28, s.mode());
        put64(out, 32, s.inode());
        put64(out, 40, s.size());
        put64(out, 48, s.blocks());
        // stx_attributes_mask: automount and mount root are known
        put64(out, 56, 0x3000);
        statxTime(out, 64, s.atime());
        statxTime(out, 80, s.birthTime());
        statxTime(out, 96, s.ctime());
        statxTime(out, 112, s.mtime());
        put32(out, 128, DeviceNumber.major(s.specialDevice()));
        put32(out, 132, DeviceNumber.minor(s.specialDevice()));
        put32(out, 136, DeviceNumber.major(s.device()));
        put32(out, 140, DeviceNumber.minor(s.device()));
        put64(out, 144, mount == null ? 0 : mount.id());
        return out;
    }

    private static void statxTime(byte[] out, int at, long nanos) {
        put64(out, at, Math.floorDiv(nanos, NANOS));
        put32(out, at + 8, (int) Math.floorMod(nanos, NANOS));
    }

    /** struct statfs, 120 bytes. @param mountFlags MS_* */
    static byte[] statfs(FileSystem.Statistics s, long device, int mountFlags) {
        byte[] out = new byte[120];
        put64(out, 0, s.magic());
        put64(out, 8, s.blockSize());
        put64(out, 16, s.blocks());
        put64(out, 24, s.freeBlocks());
        put64(out, 32, s.freeBlocks());
        put64(out, 40, s.inodes());
        put64(out, 48, s.freeInodes());
        put64(out, 56, device);
        put64(out, 64, s.nameLength());
        put64(out, 72, s.blockSize());
        // ST_VALID | the first flags of mount(2), which have the same bits; ST_RELATIME
        put64(out, 80, 0x20 | mountFlags & 0xf | 0x1000);
        return out;
    }
}
