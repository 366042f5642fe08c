package io.scwatcher.cpu.oracle;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The machine's own processor: a child process that executes single instructions (src/test/c/oracle.c). */
final class NativeOracle implements AutoCloseable {
    static final int BATCH = 256;

    private final Process process;
    private final OutputStream to;
    private final DataInputStream from;

    /** @param directory where the program is built */
    NativeOracle(Path directory) {
        Path program = directory.resolve("oracle");
        try {
            Process compiler = new ProcessBuilder("gcc", "-O2", "-static-pie", "-fpie", "-nostdlib", "-fno-stack-protector", "-mgeneral-regs-only",
                    "-fcf-protection=none", "-o", program.toString(), "src/test/c/oracle.c").inheritIO().start();
            if (compiler.waitFor() != 0 || !Files.isExecutable(program)) {
                throw new IllegalStateException("the oracle can't be compiled: is gcc installed?");
            }
            process = new ProcessBuilder(program.toString()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        to = process.getOutputStream();
        from = new DataInputStream(process.getInputStream());
    }

    /** What becomes of each case; at most {@link #BATCH} of them. */
    List<MachineState> execute(List<TestCase> cases) {
        ByteBuffer request = buffer(4 + cases.size() * MachineState.INPUT_SIZE).putInt(cases.size());
        for (TestCase one : cases) {
            one.before().writeInput(one.code(), request);
        }
        ByteBuffer reply = buffer(4 + cases.size() * MachineState.OUTPUT_SIZE);
        try {
            to.write(request.array());
            to.flush();
            from.readFully(reply.array());
        } catch (IOException e) {
            throw new UncheckedIOException("the oracle died (%s) at one of %s".formatted(process, cases), e);
        }
        if (reply.getInt() != cases.size()) {
            throw new IllegalStateException("the oracle lost count");
        }
        List<MachineState> results = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++) {
            results.add(MachineState.readOutput(reply));
        }
        return results;
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void close() {
        process.destroy();
    }
}
