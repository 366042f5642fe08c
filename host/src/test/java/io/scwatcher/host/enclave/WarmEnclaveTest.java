package io.scwatcher.host.enclave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scwatcher.enclave.session.ToolRequest;
import io.scwatcher.enclave.session.ToolRequest.Bounds;
import io.scwatcher.enclave.session.ToolRequest.Mode;
import io.scwatcher.enclave.session.ToolRunner;
import io.scwatcher.enclave.session.ToolRunner.RefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An enclave's name, socket and directory, and what becomes of a client whose enclave fails. */
class WarmEnclaveTest {
    @TempDir
    private Path directory;
    private final List<String> log = Collections.synchronizedList(new ArrayList<>());

    private WarmEnclave enclave() {
        return new WarmEnclave("test", directory.resolve("enclaves/test.sock"));
    }

    private void serve(ToolRunner runner) throws InterruptedException {
        Thread.ofPlatform().daemon().start(() -> {
            try {
                new EnclaveServer(enclave(), runner, log::add).serve();
            } catch (IOException | RuntimeException e) {
                log.add(e.toString());
            }
        });
        while (!enclave().answers()) {
            assertThat(log).isEmpty();
            Thread.sleep(10);
        }
    }

    private int run() throws IOException, RefusedException {
        ToolRequest request = new ToolRequest("", false, "", List.of("true"), List.of(), "/", null, Mode.MIXED, false, Bounds.NONE);
        try (SocketChannel channel = enclave().connect()) {
            return WarmEnclave.client(channel).run(request, InputStream.nullInputStream(), OutputStream.nullOutputStream(), OutputStream.nullOutputStream(), log::add);
        }
    }

    @Test
    void aNameBelongsToOneProcess() throws Exception {
        serve((request, streams, notes) -> null);
        assertThatThrownBy(() -> new EnclaveServer(enclave(), null, log::add).serve()).isInstanceOf(EnclaveException.class).hasMessageContaining("runs already");
        assertThat(enclave().answers()).isTrue();
        assertThat(enclave().pid()).isEqualTo(ProcessHandle.current().pid());
    }

    @Test
    void aSocketWithoutEnclaveIsNoHindrance() throws Exception {
        enclave().prepare();
        ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(enclave().socket())).close();
        assertThat(enclave().answers()).isFalse();
        assertThatThrownBy(() -> enclave().connect()).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> enclave().stop()).isInstanceOf(EnclaveException.class);
        serve((request, streams, notes) -> null);
    }

    @Test
    void nobodyElseMayEnterTheDirectory() throws Exception {
        Path enclaves = Files.createDirectories(directory.resolve("enclaves"));
        Files.setPosixFilePermissions(enclaves, PosixFilePermissions.fromString("rwxrwxrwx"));
        enclave().prepare();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(enclaves))).isEqualTo("rwx------");
    }

    @Test
    void whatIsNoPlaceForSocketsIsSaidInOneLine() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "");
        assertThatThrownBy(() -> new WarmEnclave("test", file.resolve("enclaves/test.sock")).prepare()).isInstanceOf(EnclaveException.class)
                .hasMessageContaining("SCWATCHER_RUN");
        Path longest = directory.resolve("x".repeat(120)).resolve("test.sock");
        assertThatThrownBy(() -> new WarmEnclave("test", longest).prepare()).isInstanceOf(EnclaveException.class).hasMessageContaining("too long");
    }

    @Test
    void aFailureInsideIsToldAndTheNextCommandServed() throws Exception {
        serve((request, streams, notes) -> {
            throw new IllegalStateException("out of order");
        });
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(this::run).isInstanceOfSatisfying(RefusedException.class, e -> {
                assertThat(e.exitCode()).isEqualTo(70);
                assertThat(e).hasMessageContaining("out of order");
            });
        }
    }

    @Test
    void anEnclaveThatEndsIsToldInOneLine() throws Exception {
        enclave().prepare();
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(enclave().socket()))) {
            Thread.ofPlatform().daemon().start(() -> {
                try {
                    server.accept().close();
                } catch (IOException e) {
                    log.add(e.toString());
                }
            });
            assertThatThrownBy(this::run).isInstanceOf(IOException.class).hasMessage("the enclave ended before the command did");
        }
    }
}
