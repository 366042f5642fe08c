package io.scwatcher.os.syscall;

import io.scwatcher.os.abi.Signal;
import io.scwatcher.os.mm.UserMemory;
import io.scwatcher.os.task.Task;

/** Prints values as strace does: strings quoted and cut at {@value #STRING_LIMIT} bytes, flags by name. */
final class TraceText {
    static final int STRING_LIMIT = 32;
    private static final int STRINGS_LIMIT = 16;

    private TraceText() {}

    static void pointer(StringBuilder line, long address) {
        line.append(address == 0 ? "NULL" : "0x" + Long.toHexString(address));
    }

    static void string(StringBuilder line, Task task, long address) {
        byte[] bytes = new byte[STRING_LIMIT + 1];
        int got = task.memory().tryCopyIn(address, bytes, 0, bytes.length);
        int end = 0;
        while (end < got && bytes[end] != 0) {
            end++;
        }
        if (end == got && got < bytes.length) {
            pointer(line, address);
        } else {
            quote(line, bytes, Math.min(end, STRING_LIMIT), end > STRING_LIMIT);
        }
    }

    static void bytes(StringBuilder line, Task task, long address, long length) {
        byte[] bytes = new byte[(int) Math.max(0, Math.min(length, STRING_LIMIT))];
        if (task.memory().tryCopyIn(address, bytes, 0, bytes.length) < bytes.length) {
            pointer(line, address);
        } else {
            quote(line, bytes, bytes.length, length > STRING_LIMIT);
        }
    }

    private static void quote(StringBuilder line, byte[] bytes, int length, boolean more) {
        line.append('"');
        for (int i = 0; i < length; i++) {
            int c = bytes[i] & 0xff;
            switch (c) {
                case '\n' -> line.append("\\n");
                case '\t' -> line.append("\\t");
                case '\r' -> line.append("\\r");
                case '"' -> line.append("\\\"");
                case '\\' -> line.append("\\\\");
                default -> {
                    if (c >= ' ' && c < 127) {
                        line.append((char) c);
                    } else {
                        boolean digitFollows = i + 1 < length && bytes[i + 1] >= '0' && bytes[i + 1] <= '9';
                        line.append('\\').append(digitFollows ? String.format("%03o", c) : Integer.toOctalString(c));
                    }
                }
            }
        }
        line.append(more ? "\"..." : "\"");
    }

    static void strings(StringBuilder line, Task task, long address) {
        UserMemory memory = task.memory();
        byte[] word = new byte[8];
        line.append('[');
        for (int i = 0; i < STRINGS_LIMIT; i++) {
            if (memory.tryCopyIn(address + 8L * i, word, 0, 8) < 8) {
                break;
            }
            long at = memory.get64(address + 8L * i);
            if (at == 0) {
                line.append(']');
                return;
            }
            line.append(i == 0 ? "" : ", ");
            string(line, task, at);
        }
        line.append(", ...]");
    }

    static String signal(int number) {
        return number == 0 ? "0" : Signal.name(number);
    }

    static void signalSet(StringBuilder line, Task task, long address) {
        byte[] word = new byte[8];
        if (address == 0 || task.memory().tryCopyIn(address, word, 0, 8) < 8) {
            pointer(line, address);
            return;
        }
        long set = task.memory().get64(address);
        boolean inverted = Long.bitCount(set) > 32;
        line.append(inverted ? "~[" : "[");
        String separator = "";
        for (int i = 1; i <= 64; i++) {
            if ((set >>> i - 1 & 1) != (inverted ? 1 : 0)) {
                line.append(separator).append(Signal.name(i).replaceFirst("^SIG", ""));
                separator = " ";
            }
        }
        line.append(']');
    }

    static void timespec(StringBuilder line, Task task, long address) {
        byte[] words = new byte[16];
        if (address == 0 || task.memory().tryCopyIn(address, words, 0, 16) < 16) {
            pointer(line, address);
        } else {
            line.append("{tv_sec=").append(task.memory().get64(address)).append(", tv_nsec=").append(task.memory().get64(address + 8)).append('}');
        }
    }

    static void pair(StringBuilder line, Task task, long address, long result) {
        byte[] words = new byte[8];
        if (result < 0 || task.memory().tryCopyIn(address, words, 0, 8) < 8) {
            pointer(line, address);
        } else {
            line.append('[').append(task.memory().get32(address)).append(", ").append(task.memory().get32(address + 4)).append(']');
        }
    }

    static void flags(StringBuilder line, long value, String[] names) {
        String separator = "";
        long rest = value;
        for (int i = 0; i < names.length; i++) {
            if (names[i] != null && (value >>> i & 1) != 0) {
                line.append(separator).append(names[i]);
                separator = "|";
                rest &= ~(1L << i);
            }
        }
        if (rest != 0 || separator.isEmpty()) {
            line.append(separator).append(rest == 0 ? "0" : "0x" + Long.toHexString(rest));
        }
    }
}
