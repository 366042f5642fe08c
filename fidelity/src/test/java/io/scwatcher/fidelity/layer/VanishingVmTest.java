package io.scwatcher.fidelity.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scwatcher.enclave.session.ToolRequest;
import io.scwatcher.enclave.session.ToolRequest.Bounds;
import io.scwatcher.enclave.session.ToolRequest.Mode;
import io.scwatcher.enclave.session.ToolRunner.RefusedException;
import io.scwatcher.host.enclave.EnclaveServer;
import io.scwatcher.host.enclave.LocalEnclave;
import io.scwatcher.host.enclave.WarmEnclave;
import io.scwatcher.testbed.Guest;
import io.scwatcher.testbed.GuestOptions;
import io.scwatcher.testbed.Testbed;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * A warm enclave whose VM is stopped by others, is left paused by a client that dies, and vanishes while a tool reads it. The VM's memory is a file that outlives
 * it. Boots one guest: half a minute under TCG.
 */
@Tag("vm")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class VanishingVmTest {
    private static final String NAME = "vanishing-" + ProcessHandle.current().pid();
    private static final String ENDLESS = "while :; do ps -e -o comm= | head -1; done";
    private static final long PATIENCE_SECONDS = 300;

    @TempDir
    private static Path directory;
    private Path bundle;
    private Guest guest;
    private LocalEnclave local;
    private WarmEnclave enclave;

    @BeforeAll
    void start() throws Exception {
        bundle = ToolBundle.ofPackages(List.of("procps"), System.out::println);
        guest = new Testbed(line -> {}).up(GuestOptions.defaults(NAME).withMemoryMiB(512).withMemory(GuestOptions.MemoryBacking.FILE));
        local = new LocalEnclave();
        enclave = new WarmEnclave("test", directory.resolve("enclaves/test.sock"));
        Thread.ofPlatform().daemon().start(() -> {
            try {
                new EnclaveServer(enclave, local, System.out::println).serve();
            } catch (IOException e) {
                e.printStackTrace();
            }
        });
        await(enclave::answers);
    }

    @AfterAll
    void end() {
        if (guest != null) {
            guest.close();
        }
        if (local != null) {
            local.close();
        }
    }

    /** One command in the enclave, by a client of its own. */
    private final class Client {
        private final SocketChannel channel = enclave.connect();
        private final List<String> notes = Collections.synchronizedList(new ArrayList<>());
        private final StringBuffer output = new StringBuffer();
        private final CountDownLatch firstOutput = new CountDownLatch(1);
        private final CompletableFuture<Integer> status = new CompletableFuture<>();

        Client(String vm, boolean paused, String script) throws IOException {
            ToolRequest request = new ToolRequest(vm, paused, bundle.toString(), List.of("/bin/sh", "-c", script), List.of("PATH=/bin:/usr/bin"), "/", null,
                    Mode.MIXED, false, Bounds.NONE);
            Thread.ofPlatform().daemon().start(() -> {
                try {
                    status.complete(WarmEnclave.client(channel).run(request, InputStream.nullInputStream(), sink(), OutputStream.nullOutputStream(), notes::add));
                } catch (IOException | RefusedException | RuntimeException e) {
                    status.completeExceptionally(e);
                }
            });
        }

        private OutputStream sink() {
            return new OutputStream() {
                @Override
                public void write(int b) {
                    write(new byte[] {(byte) b}, 0, 1);
                }

                @Override
                public void write(byte[] bytes, int offset, int length) {
                    output.append(new String(bytes, offset, length, StandardCharsets.ISO_8859_1));
                    firstOutput.countDown();
                }
            };
        }

        void awaitOutput() throws InterruptedException {
            assertThat(firstOutput.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("%s", notes).isTrue();
        }

        int awaitStatus() throws Exception {
            return status.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.sleep(50);
        }
    }

    @Test
    @Order(1)
    void aVmThatSomebodyElseStopsIsReadAllTheSame() throws Exception {
        Client client = new Client(NAME, false, ENDLESS);
        client.awaitOutput();
        guest.pause();
        int before = client.output.length();
        Thread.sleep(5_000);
        await(() -> client.output.length() > before || client.status.isDone());
        guest.resume();
        assertThat(client.status).isNotDone();
        client.channel.close();
    }

    @Test
    @Order(2)
    void aClientThatDiesLeavesNoVmPaused() throws Exception {
        Client client = new Client(NAME, true, ENDLESS);
        client.awaitOutput();
        client.channel.close();
        assertThat(CompletableFuture.supplyAsync(() -> guest.exec("true").status()).get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isZero();
    }

    @Test
    @Order(3)
    void aVmThatVanishesEndsTheRunInOneLineAndTheEnclaveGoesOn() throws Exception {
        Client live = new Client(NAME, false, ENDLESS);
        Client paused = new Client(NAME, true, "cat /proc/sys/kernel/hostname; cat; sleep 3; cat /proc/sys/kernel/hostname");
        live.awaitOutput();
        paused.awaitOutput();
        ProcessHandle.of(guest.pid()).orElseThrow().destroyForcibly();
        assertThat(live.awaitStatus()).isEqualTo(69);
        assertThat(live.notes).singleElement().asString().contains("QEMU process " + guest.pid());
        // what was captured while it stood still is as true as before
        assertThat(paused.awaitStatus()).isZero();
        assertThat(paused.notes).singleElement().asString().contains("QEMU");
        assertThatThrownBy(() -> new Client(Long.toString(guest.pid()), false, "ps").awaitStatus()).hasRootCauseInstanceOf(RefusedException.class);
        Client alone = new Client("", false, "echo fine");
        assertThat(alone.awaitStatus()).isZero();
        assertThat(alone.output.toString()).isEqualTo("fine\n");
    }
}
