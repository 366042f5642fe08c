package io.scwatcher.fidelity;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/**
 * What the guest read of its own /proc in one walk, in the order in which it read. The format is described in
 * procwalk.c, which writes it.
 */
public final class ProcArchive {
    private static final String MAGIC = "procwalk 1";
    private static final int RECORD = 36;
    private static final int LARGEST_CONTENT = 64 << 20;
    private static final int MOST_NODES = 10_000_000;

    private final int readerPid;
    private final Map<String, ProcNode> nodes = new LinkedHashMap<>();
    private final Map<String, Map<String, ProcNode>> children = new LinkedHashMap<>();
    private int duplicates;

    private ProcArchive(int readerPid) {
        this.readerPid = readerPid;
    }

    /** Reads an archive file, gzip-compressed if it is named {@code *.gz}. */
    public static ProcArchive read(Path file) throws IOException {
        try (InputStream raw = Files.newInputStream(file);
             InputStream in = new BufferedInputStream(
                     file.toString().endsWith(".gz") ? new GZIPInputStream(raw, 1 << 16) : raw, 1 << 16)) {
            return read(in);
        }
    }

    /**
     * Reads one archive and leaves the stream behind its end.
     *
     * @throws IOException if the stream fails, ends too early or is no archive
     */
    public static ProcArchive read(InputStream in) throws IOException {
        String first = line(in);
        if (!first.equals(MAGIC)) {
            throw new IOException("not an archive of procwalk: it begins with '" + Escaped.of(first) + "'");
        }
        int pid = 0;
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            if (line.startsWith("pid ")) {
                pid = Integer.parseInt(line.substring(4));
            }
        }
        ProcArchive archive = new ProcArchive(pid);
        while (true) {
            ByteBuffer record = ByteBuffer.wrap(exactly(in, RECORD)).order(ByteOrder.LITTLE_ENDIAN);
            ProcNode.Kind kind = ProcNode.Kind.of(record.get());
            record.get();
            int pathLength = Short.toUnsignedInt(record.getShort());
            int mode = record.getInt();
            int uid = record.getInt();
            int gid = record.getInt();
            int links = record.getInt();
            int error = record.getInt();
            long size = record.getLong();
            int contentLength = record.getInt();
            if (kind == ProcNode.Kind.END) {
                int count = archive.nodes.size() + archive.duplicates;
                if (size != count) {
                    throw new IOException("the archive has %d nodes and says %d".formatted(count, size));
                }
                return archive;
            }
            if (kind == null || contentLength < 0 || contentLength > LARGEST_CONTENT
                    || archive.nodes.size() >= MOST_NODES) {
                throw new IOException("the archive is broken behind node " + archive.nodes.size());
            }
            String path = new String(exactly(in, pathLength), StandardCharsets.ISO_8859_1);
            archive.add(new ProcNode(kind, path, mode, uid, gid, links, error, size, exactly(in, contentLength)));
        }
    }

    /** Writes it in the format in which it is read. */
    void write(OutputStream out) throws IOException {
        out.write((MAGIC + "\npid " + readerPid + "\n\n").getBytes(StandardCharsets.ISO_8859_1));
        for (ProcNode node : nodes.values()) {
            byte[] path = node.path().getBytes(StandardCharsets.ISO_8859_1);
            ByteBuffer record = ByteBuffer.allocate(RECORD).order(ByteOrder.LITTLE_ENDIAN);
            record.put((byte) node.kind().letter()).put((byte) 0).putShort((short) path.length).putInt(node.mode())
                    .putInt(node.uid()).putInt(node.gid()).putInt(node.links()).putInt(node.error())
                    .putLong(node.size()).putInt(node.content().length);
            out.write(record.array());
            out.write(path);
            out.write(node.content());
        }
        ByteBuffer end = ByteBuffer.allocate(RECORD).order(ByteOrder.LITTLE_ENDIAN);
        end.put((byte) ProcNode.Kind.END.letter()).putLong(RECORD - 12, nodes.size());
        out.write(end.array());
    }

    /** For tests: an archive made of nodes, parents before their children. */
    static ProcArchive of(int readerPid, List<ProcNode> nodes) {
        ProcArchive archive = new ProcArchive(readerPid);
        nodes.forEach(archive::add);
        return archive;
    }

    /** The process id of the reader. */
    public int readerPid() {
        return readerPid;
    }

    Collection<ProcNode> nodes() {
        return nodes.values();
    }

    /** The node at a path below /proc, or null. */
    ProcNode node(String path) {
        return nodes.get(path);
    }

    /** The entries of a directory by name, in the order of readdir; empty if there is no such directory. */
    Map<String, ProcNode> children(String path) {
        return children.getOrDefault(path, Map.of());
    }

    private void add(ProcNode node) {
        // A directory that changes while it is listed may give an entry twice.
        if (nodes.put(node.path(), node) != null) {
            duplicates++;
        }
        if (node.parent() != null) {
            children.computeIfAbsent(node.parent(), parent -> new LinkedHashMap<>()).put(node.name(), node);
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0 || line.length() > 200) {
                throw new IOException("not an archive of procwalk: it begins with '" + Escaped.of(line.toString()) + "'");
            }
            line.append((char) c);
        }
        return line.toString();
    }

    private static byte[] exactly(InputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new IOException("the archive ends in the middle");
        }
        return bytes;
    }
}
