package io.scwatcher.os.fs;

/** {@code dev_t} as user space sees it: {@code new_encode_dev} of include/linux/kdev_t.h. */
public final class DeviceNumber {
    private DeviceNumber() {}

    /** @param major below 4096  @param minor below 2^20 */
    public static long of(int major, int minor) {
        return (minor & 0xffL) | (long) major << 8 | (minor & ~0xffL) << 12;
    }

    public static int major(long device) {
        return (int) (device >>> 8 & 0xfff);
    }

    public static int minor(long device) {
        return (int) (device & 0xff | device >>> 12 & 0xfff00);
    }
}
