package io.scwatcher.os.syscall;

import io.scwatcher.os.task.Task;
import java.util.List;

/** How {@code --strace} prints one argument of a system call. */
@FunctionalInterface
public interface Argument {
    /**
     * @param index which of the six registers
     * @param result of the call; what the call writes to memory is there already
     */
    void print(StringBuilder line, Task task, long[] registers, int index, long result);

    /** The arguments of a call, for {@link SystemCallTable.Builder#call}. */
    static List<Argument> args(Argument... arguments) {
        return List.of(arguments);
    }

    Argument INT = (line, _, registers, index, _) -> line.append((int) registers[index]);
    Argument UNSIGNED = (line, _, registers, index, _) -> line.append(Integer.toUnsignedString((int) registers[index]));
    Argument LONG = (line, _, registers, index, _) -> line.append(registers[index]);
    Argument SIZE = (line, _, registers, index, _) -> line.append(Long.toUnsignedString(registers[index]));
    Argument HEX = (line, _, registers, index, _) -> line.append("0x").append(Long.toHexString(registers[index]));
    Argument OCTAL = (line, _, registers, index, _) -> line.append(registers[index] == 0 ? "" : "0").append(Long.toOctalString(registers[index] & 0xffffffffL));
    Argument POINTER = (line, _, registers, index, _) -> TraceText.pointer(line, registers[index]);
    /** A file descriptor, or AT_FDCWD. */
    Argument FD = (line, _, registers, index, _) -> line.append((int) registers[index] == -100 ? "AT_FDCWD" : Integer.toString((int) registers[index]));
    /** A NUL-terminated string in memory. */
    Argument STRING = (line, task, registers, index, _) -> TraceText.string(line, task, registers[index]);
    /** A path in memory. */
    Argument PATH = STRING;
    /** Bytes that the call reads; the next argument is their number. */
    Argument IN_BUFFER = (line, task, registers, index, _) -> TraceText.bytes(line, task, registers[index], registers[index + 1]);
    /** Bytes that the call writes; the result is their number. */
    Argument OUT_BUFFER = (line, task, registers, index, result) -> {
        if (result < 0) {
            TraceText.pointer(line, registers[index]);
        } else {
            TraceText.bytes(line, task, registers[index], result);
        }
    };
    /** A NULL-terminated array of strings: argv, envp. */
    Argument STRINGS = (line, task, registers, index, _) -> TraceText.strings(line, task, registers[index]);
    Argument SIGNAL = (line, _, registers, index, _) -> line.append(TraceText.signal((int) registers[index]));
    /** A pointer to a 64-bit signal set. */
    Argument SIGNAL_SET = (line, task, registers, index, _) -> TraceText.signalSet(line, task, registers[index]);
    /** A pointer to a struct timespec that the call reads. */
    Argument TIMESPEC = (line, task, registers, index, _) -> TraceText.timespec(line, task, registers[index]);
    /** Two descriptors that the call writes: pipe, socketpair. */
    Argument FD_PAIR = (line, task, registers, index, result) -> TraceText.pair(line, task, registers[index], result);

    /** A word of flags, named from bit 0 on by {@code names}; a null or missing name prints as a number. */
    static Argument flags(String... names) {
        return (line, _, registers, index, _) -> TraceText.flags(line, registers[index], names);
    }

    /** One of some values: {@code names[value]}. */
    static Argument oneOf(String... names) {
        return (line, _, registers, index, _) -> {
            long value = registers[index];
            line.append(value >= 0 && value < names.length && names[(int) value] != null ? names[(int) value] : "0x" + Long.toHexString(value));
        };
    }
}
