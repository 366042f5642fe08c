package io.scwatcher.cpu.program;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.Engine;
import io.scwatcher.cpu.Event;
import io.scwatcher.cpu.memory.AddressSpace;
import io.scwatcher.cpu.memory.Backing;
import io.scwatcher.cpu.memory.Frame;
import io.scwatcher.cpu.memory.FrameAccount;
import io.scwatcher.cpu.memory.Mapping;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A statically linked C program and the handful of system calls that such a program makes to compute something and print it. For testing the
 * engine by itself; the frames of the file, and so the code derived from them, live as long as this object.
 */
final class StaticProgram {
    private static final int STACK_PAGES = 64;
    private static final long BRK = 0x1000_0000L;

    private final ByteBuffer file;
    private final Backing backing;

    /** How a run ended. */
    record Result(int status, String output) {
    }

    StaticProgram(Path path) throws IOException {
        byte[] bytes = Files.readAllBytes(path);
        file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        Frame[] frames = new Frame[(bytes.length + Frame.SIZE - 1) / Frame.SIZE];
        for (int i = 0; i < frames.length; i++) {
            frames[i] = new Frame(Arrays.copyOf(Arrays.copyOfRange(bytes, i * Frame.SIZE, Math.min(bytes.length, (i + 1) * Frame.SIZE)), Frame.SIZE));
        }
        backing = index -> index < frames.length ? frames[(int) index] : null;
    }

    /** Compiles a C source with the machine's compiler. */
    static StaticProgram compile(Path source, Path directory) throws IOException, InterruptedException {
        Path program = directory.resolve(source.getFileName().toString().replace(".c", ""));
        Process gcc = new ProcessBuilder("gcc", "-O2", "-static", "-o", program.toString(), source.toString(), "-lm").inheritIO().start();
        if (gcc.waitFor() != 0) {
            throw new IOException("gcc can't compile " + source);
        }
        return new StaticProgram(program);
    }

    Result run(Engine engine, String... arguments) {
        AddressSpace memory = new AddressSpace(FrameAccount.UNLIMITED);
        Cpu cpu = new Cpu(memory);
        load(memory);
        cpu.rip = file.getLong(24);
        cpu.gpr[4] = stack(memory, arguments);
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        long brk = BRK;
        while (true) {
            Event event = engine.run(cpu);
            if (event == Event.EXCEPTION) {
                throw new IllegalStateException("exception %d, error %x, address %x at %x".formatted(cpu.vector, cpu.errorCode, cpu.faultAddress, cpu.rip));
            }
            if (event == Event.ATTENTION) {
                continue;
            }
            long[] r = cpu.gpr;
            switch ((int) r[0]) {
                case 1 -> {
                    byte[] data = new byte[(int) r[2]];
                    r[0] = memory.read(r[6], data, 0, data.length);
                    output.write(data, 0, (int) r[0]);
                }
                case 9 -> {
                    long length = r[6] + Frame.SIZE - 1 & -Frame.SIZE;
                    long address = memory.findFree(length, BRK, AddressSpace.MAX);
                    memory.map(address, length, (int) r[2], null, 0, false, null);
                    r[0] = address;
                }
                case 10 -> r[0] = memory.protect(r[7], r[6] + Frame.SIZE - 1 & -Frame.SIZE, (int) r[2]) ? 0 : -12;
                case 11 -> {
                    memory.unmap(r[7], r[6] + Frame.SIZE - 1 & -Frame.SIZE);
                    r[0] = 0;
                }
                case 12 -> {
                    long mapped = brk + Frame.SIZE - 1 & -Frame.SIZE;
                    long wanted = r[7] + Frame.SIZE - 1 & -Frame.SIZE;
                    if (wanted > mapped) {
                        memory.map(mapped, wanted - mapped, Mapping.READ | Mapping.WRITE, null, 0, false, null);
                    }
                    brk = Math.max(brk, r[7]);
                    r[0] = brk;
                }
                case 158 -> {
                    cpu.fsBase = r[6];
                    r[0] = 0;
                }
                case 231 -> {
                    memory.release();
                    return new Result((int) r[7] & 0xff, output.toString(StandardCharsets.UTF_8));
                }
                case 218 -> r[0] = 1;
                case 318 -> r[0] = r[6];
                case 273, 334, 302, 13 -> r[0] = 0;
                default -> r[0] = -38;
            }
        }
    }

    private void load(AddressSpace memory) {
        long headers = file.getLong(32);
        for (int i = 0; i < file.getShort(56); i++) {
            int at = (int) headers + i * file.getShort(54);
            if (file.getInt(at) != 1) {
                continue;
            }
            int flags = file.getInt(at + 4);
            int protection = (flags & 4) >> 2 | flags & 2 | (flags & 1) << 2;
            long offset = file.getLong(at + 8) & -Frame.SIZE;
            long address = file.getLong(at + 16);
            long start = address & -Frame.SIZE;
            long fileEnd = address + file.getLong(at + 32);
            long end = address + file.getLong(at + 40) + Frame.SIZE - 1 & -Frame.SIZE;
            long fileMapped = fileEnd + Frame.SIZE - 1 & -Frame.SIZE;
            if (fileMapped > start) {
                memory.map(start, fileMapped - start, protection, backing, offset, false, "program");
            }
            if ((protection & Mapping.WRITE) != 0 && fileMapped > start) {
                memory.write(fileEnd, new byte[(int) (fileMapped - fileEnd)], 0, (int) (fileMapped - fileEnd));
            }
            if (end > fileMapped) {
                memory.map(fileMapped, end - fileMapped, protection, null, 0, false, null);
            }
        }
    }

    /** The initial stack of the System V ABI, with the auxiliary vector that the C library needs; returns the stack pointer. */
    private long stack(AddressSpace memory, String... arguments) {
        long top = AddressSpace.MAX;
        memory.mapStack(top - STACK_PAGES * (long) Frame.SIZE, STACK_PAGES * (long) Frame.SIZE, Mapping.READ | Mapping.WRITE, "stack");
        long strings = top - Frame.SIZE;
        List<Long> words = new ArrayList<>();
        words.add(arguments.length + 1L);
        List<String> all = new ArrayList<>(List.of("program"));
        all.addAll(Arrays.asList(arguments));
        for (String argument : all) {
            byte[] bytes = (argument + "\0").getBytes(StandardCharsets.UTF_8);
            memory.write(strings, bytes, 0, bytes.length);
            words.add(strings);
            strings += bytes.length;
        }
        words.addAll(List.of(0L, 0L));
        long headers = file.getLong(32);
        long headersAddress = headers + segmentAddress();
        words.addAll(List.of(3L, headersAddress, 4L, (long) file.getShort(54), 5L, (long) file.getShort(56), 6L, (long) Frame.SIZE,
                9L, file.getLong(24), 11L, 0L, 12L, 0L, 13L, 0L, 14L, 0L, 17L, 100L, 23L, 0L, 25L, top - 64, 0L, 0L));
        long pointer = top - 2L * Frame.SIZE - words.size() * 8L & -16;
        ByteBuffer buffer = ByteBuffer.allocate(words.size() * 8).order(ByteOrder.LITTLE_ENDIAN);
        words.forEach(buffer::putLong);
        memory.write(pointer, buffer.array(), 0, buffer.capacity());
        return pointer;
    }

    /** Where the file's first byte is mapped. */
    private long segmentAddress() {
        for (int i = 0; i < file.getShort(56); i++) {
            int at = (int) file.getLong(32) + i * file.getShort(54);
            if (file.getInt(at) == 1 && file.getLong(at + 8) == 0) {
                return file.getLong(at + 16);
            }
        }
        throw new IllegalStateException("no segment holds the headers");
    }
}
