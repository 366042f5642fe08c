package io.scwatcher.enclave.session;

import io.scwatcher.attestation.Bytes;
import io.scwatcher.enclave.statement.Statement;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A command that somebody wants to be run in the OS emulation layer.
 *
 * @param vm the VM that it shall see, as the user names it; "" for the layer itself
 * @param paused whether the VM shall stand still meanwhile
 * @param bundle the bundle's absolute path
 * @param command a program's name or path, and its arguments
 * @param environment NAME=VALUE
 * @param directory the working directory, absolute
 * @param terminal the terminal that its standard streams shall be; null where they are pipes
 * @param engine how guest code is executed
 * @param trace whether each system call is told
 * @param limits what it may use
 * @param nonce of a signed statement about the command, at most {@link Statement#MAX_NONCE} bytes; null if none is wanted
 */
public record ToolRequest(String vm, boolean paused, String bundle, List<String> command, List<String> environment, String directory,
                          Size terminal, Mode engine, boolean trace, Bounds limits, Bytes nonce) {
    private static final int MAX_TEXTS = 1 << 16;
    private static final int MAX_TEXT = 1 << 20;

    /** Without a statement. */
    public ToolRequest(String vm, boolean paused, String bundle, List<String> command, List<String> environment, String directory, Size terminal, Mode engine,
            boolean trace, Bounds limits) {
        this(vm, paused, bundle, command, environment, directory, terminal, engine, trace, limits, null);
    }

    /** How guest code is executed. */
    public enum Mode { MIXED, INTERPRETER, COMPILER }

    /** A terminal's size in characters. */
    public record Size(int rows, int columns) {}

    /** Limits of a run, 0 where the layer's own holds. */
    public record Bounds(long cpuSeconds, long memoryMegabytes, int processes, long outputMegabytes) {
        public static final Bounds NONE = new Bounds(0, 0, 0, 0);

        /** The stricter of both, limit by limit. */
        Bounds within(Bounds most) {
            return new Bounds(lesser(cpuSeconds, most.cpuSeconds), lesser(memoryMegabytes, most.memoryMegabytes),
                    (int) lesser(processes, most.processes), lesser(outputMegabytes, most.outputMegabytes));
        }

        private static long lesser(long asked, long most) {
            return asked <= 0 ? most : most <= 0 ? asked : Math.min(asked, most);
        }
    }

    /** The same with limits that are at least as strict as these. */
    ToolRequest within(Bounds most) {
        return new ToolRequest(vm, paused, bundle, command, environment, directory, terminal, engine, trace, limits.within(most), nonce);
    }

    /** The same with a statement wanted. @param nonce the tenant's choice */
    public ToolRequest stated(Bytes nonce) {
        return new ToolRequest(vm, paused, bundle, command, environment, directory, terminal, engine, trace, limits, nonce);
    }

    void write(DataOutputStream out) throws IOException {
        text(out, vm);
        out.writeBoolean(paused);
        text(out, bundle);
        texts(out, command);
        texts(out, environment);
        text(out, directory);
        out.writeInt(terminal == null ? -1 : terminal.rows());
        out.writeInt(terminal == null ? -1 : terminal.columns());
        out.writeByte(engine.ordinal());
        out.writeBoolean(trace);
        out.writeLong(limits.cpuSeconds());
        out.writeLong(limits.memoryMegabytes());
        out.writeInt(limits.processes());
        out.writeLong(limits.outputMegabytes());
        out.writeBoolean(nonce != null);
        if (nonce != null) {
            out.writeInt(nonce.length());
            out.write(nonce.toArray());
        }
    }

    static ToolRequest read(DataInputStream in) throws IOException {
        String vm = text(in);
        boolean paused = in.readBoolean();
        String bundle = text(in);
        List<String> command = texts(in);
        List<String> environment = texts(in);
        String directory = text(in);
        int rows = in.readInt();
        int columns = in.readInt();
        Mode engine = Mode.values()[bounded(in.readByte(), Mode.values().length - 1)];
        boolean trace = in.readBoolean();
        Bounds limits = new Bounds(in.readLong(), in.readLong(), in.readInt(), in.readLong());
        Bytes nonce = in.readBoolean() ? Bytes.of(bytes(in, Statement.MAX_NONCE)) : null;
        return new ToolRequest(vm, paused, bundle, command, environment, directory, rows < 0 ? null : new Size(rows, columns), engine, trace, limits, nonce);
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(bytes(in, MAX_TEXT), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(DataInputStream in, int limit) throws IOException {
        byte[] bytes = new byte[bounded(in.readInt(), limit)];
        in.readFully(bytes);
        return bytes;
    }

    private static void texts(DataOutputStream out, List<String> texts) throws IOException {
        out.writeInt(texts.size());
        for (String text : texts) {
            text(out, text);
        }
    }

    private static List<String> texts(DataInputStream in) throws IOException {
        int count = bounded(in.readInt(), MAX_TEXTS);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(text(in));
        }
        return texts;
    }

    private static int bounded(int number, int limit) throws IOException {
        if (number < 0 || number > limit) {
            throw new IOException("a request with a number that is out of range: " + number);
        }
        return number;
    }
}
