package io.scwatcher.vprocfs.pid;

/** Names that are numbers: {@code name_to_int} (fs/proc/util.c). */
public final class Numbers {
    private Numbers() {}

    /** The value of a decimal name without leading zeros, or -1. */
    public static int parse(String name) {
        int length = name.length();
        if (length == 0 || length > 10 || length > 1 && name.charAt(0) == '0') {
            return -1;
        }
        long value = 0;
        for (int i = 0; i < length; i++) {
            int digit = name.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value > Integer.MAX_VALUE ? -1 : (int) value;
    }
}
