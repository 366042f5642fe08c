package io.scwatcher.enclave.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scwatcher.cpu.Engines;
import io.scwatcher.enclave.session.ToolRequest.Bounds;
import io.scwatcher.enclave.session.ToolRequest.Mode;
import io.scwatcher.enclave.session.ToolRunner.RefusedException;
import io.scwatcher.os.Counters;
import io.scwatcher.os.Layer;
import io.scwatcher.os.fs.StandardTree;
import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.FileType;
import io.scwatcher.vfs.tree.MemoryDirectory;
import io.scwatcher.vfs.tree.MemoryFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client and an enclave talk over a Unix socket; the command is a C program in a layer. */
class SessionTest {
    @TempDir
    private static Path folder;
    private static byte[] image;

    private final CompletableFuture<RunningTool> run = new CompletableFuture<>();
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
    private final List<String> notes = new ArrayList<>();
    private final AtomicLong around = new AtomicLong();
    private Counters counters;
    private ServerSocketChannel server;
    private SocketChannel channel;
    private Thread serving;

    @BeforeAll
    static void compile() throws IOException, InterruptedException {
        Path program = folder.resolve("session");
        Process gcc = new ProcessBuilder("gcc", "-O1", "-static", "-o", program.toString(), "src/test/c/session.c").inheritIO().start();
        assertThat(gcc.waitFor()).isZero();
        image = Files.readAllBytes(program);
    }

    @BeforeEach
    void connect() throws IOException {
        Path socket = folder.resolve("s" + System.nanoTime());
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket));
        channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        SocketChannel accepted = server.accept();
        serving = Thread.ofPlatform().daemon().start(() -> {
            try (accepted) {
                new SessionServer(Channels.newInputStream(accepted), Channels.newOutputStream(accepted), this::start).serve();
            } catch (IOException clientIsGone) {
                // That is what one of the tests is about.
            }
        });
    }

    @AfterEach
    void disconnect() throws IOException {
        channel.close();
        server.close();
    }

    private RunningTool start(ToolRequest request, ToolRunner.Streams streams, java.util.function.Consumer<String> told) throws RefusedException {
        if (request.command().getFirst().equals("refused")) {
            throw new RefusedException(69, "not today");
        }
        MemoryFile file = new MemoryFile(new Attributes(FileType.REGULAR, 0755, 3, 1, 0, 0, image.length, 0, 0), () -> image);
        MemoryDirectory root = new MemoryDirectory(1).put("bin", new MemoryDirectory(2).put("session", file));
        Layer layer = new StandardTree(root, 1 << 20).mount(Layer.builder()).engine(Engines.interpreter()).build();
        told.accept("starting");
        RunningTool tool = RunningTool.start(layer, request, new RunningTool.Subject("", null), streams, () -> over.complete(null), () -> new Counters(Map.of("around", around.getAndAdd(3))));
        run.complete(tool);
        return tool;
    }

    private int run(InputStream input, String... command) throws IOException, RefusedException {
        return run(null, input, command);
    }

    private int run(ToolRequest.Size terminal, InputStream input, String... command) throws IOException, RefusedException {
        ToolRequest request = new ToolRequest("", false, "", List.of(command), List.of("PATH=/bin"), "/", terminal, Mode.INTERPRETER, false, Bounds.NONE);
        OutputStream to = Channels.newOutputStream(channel);
        SessionClient client = new SessionClient(Channels.newInputStream(channel), to);
        int status = client.run(request, input, output, errors, notes::add);
        counters = client.counters();
        return status;
    }

    @Test
    void inputGoesInAndOutputComesOut() throws IOException, RefusedException {
        byte[] much = "hello, enclave\n".repeat(20_000).getBytes(StandardCharsets.US_ASCII);
        assertThat(run(new ByteArrayInputStream(much), "/bin/session", "copy")).isZero();
        assertThat(output.toString(StandardCharsets.US_ASCII)).isEqualTo("HELLO, ENCLAVE\n".repeat(20_000));
        assertThat(notes).containsExactly("starting");
        assertThat(over).isCompleted();
    }

    @Test
    void aTerminalEchoesAndEndsItsLinesForAScreen() throws IOException, RefusedException {
        byte[] typed = "abc\n\u0004".getBytes(StandardCharsets.US_ASCII);
        assertThat(run(new ToolRequest.Size(24, 80), new ByteArrayInputStream(typed), "session", "copy")).isZero();
        assertThat(output.toString(StandardCharsets.US_ASCII)).isEqualTo("abc\r\nABC\r\n");
    }

    @Test
    void theClientLearnsWhatTheRunCounted() throws IOException, RefusedException {
        run(InputStream.nullInputStream(), "session", "copy");
        assertThat(counters.get(Counters.EXECS)).isOne();
        assertThat(counters.get("call.read")).isPositive();
        assertThat(counters.get("around")).isEqualTo(3);
    }

    @Test
    void theExitStatusIsTheCommandsOwn() throws IOException, RefusedException {
        assertThat(run(InputStream.nullInputStream(), "session", "fail")).isEqualTo(7);
        assertThat(errors.toString(StandardCharsets.US_ASCII)).isEqualTo("failed\n");
    }

    @Test
    void whatCannotBeRunIsRefusedInOneLine() {
        assertThatThrownBy(() -> run(InputStream.nullInputStream(), "refused")).hasMessage("not today")
                .isInstanceOfSatisfying(RefusedException.class, e -> assertThat(e.exitCode()).isEqualTo(69));
    }

    @Test
    void aClientThatGoesTakesItsCommandWithIt() throws Exception {
        Thread client = Thread.ofPlatform().daemon().start(() -> {
            try {
                run(InputStream.nullInputStream(), "session", "wait");
            } catch (IOException | RefusedException expected) {
                // The channel is closed under it.
            }
        });
        run.get(60, TimeUnit.SECONDS);
        channel.close();
        over.get(60, TimeUnit.SECONDS);
        client.join(60_000);
        serving.join(60_000);
        assertThat(serving.isAlive()).isFalse();
    }

    @Test
    void nonsenseEndsTheConversation() throws Exception {
        channel.write(java.nio.ByteBuffer.wrap(new byte[] {0x7f, 0x7f, 0x7f, 0x7f, 1, 2, 3}));
        serving.join(60_000);
        assertThat(serving.isAlive()).isFalse();
        assertThat(run).isNotDone();
    }
}
