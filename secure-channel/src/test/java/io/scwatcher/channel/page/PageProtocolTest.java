package io.scwatcher.channel.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scwatcher.channel.ChannelException;
import io.scwatcher.memory.GuestMemory;
import io.scwatcher.memory.GuestMemoryException;
import io.scwatcher.memory.PhysicalRange;
import io.scwatcher.memory.ScatterRead;
import io.scwatcher.memory.VmControl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PageProtocolTest {
    private static final int SIZE = 16 << 20;
    private static final VmIdentity IDENTITY = new VmIdentity(new UUID(1, 2), new byte[VmIdentity.BOOT_LENGTH]);
    private static final ServerLimits LIMITS = new ServerLimits(Set.of(EpochKind.values()), 4, Duration.ofSeconds(5), Long.MAX_VALUE);

    private final TestMemory memory = new TestMemory(SIZE);
    private final SocketPair sockets;
    private CompletableFuture<Void> serving;

    PageProtocolTest() throws IOException {
        sockets = SocketPair.open();
    }

    @BeforeEach
    void fill() {
        long seed = System.nanoTime();
        System.out.println("page protocol: seed " + seed);
        Random random = new Random(seed);
        random.nextBytes(memory.bytes());
        for (int page = 0; page < SIZE >> 12; page++) {
            if (random.nextInt(3) == 0) {
                Arrays.fill(memory.bytes(), page << 12, page + 1 << 12, (byte) 0);
            }
        }
    }

    @AfterEach
    void close() throws IOException {
        sockets.client().close();
        sockets.server().close();
    }

    private RemoteMemory connect(ServerLimits limits, RemoteOptions options) {
        PageServer server = new PageServer(memory, IDENTITY, limits, new EpochNumbers());
        serving = CompletableFuture.runAsync(() -> {
            try {
                server.serve(sockets.server());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }, Thread.ofVirtual()::start);
        return RemoteMemory.connect(sockets.client(), options);
    }

    private RemoteMemory connect() {
        return connect(LIMITS, RemoteOptions.USUAL);
    }

    private byte[] expected(long address, int length) {
        int from = address < TestMemory.HIGH ? (int) address : (int) (address - TestMemory.HIGH) + SIZE / 2;
        return Arrays.copyOfRange(memory.bytes(), from, from + length);
    }

    @Test
    void readsWhatTheMemoryHolds() {
        try (RemoteMemory remote = connect()) {
            assertThat(remote.ram()).isEqualTo(memory.ram());
            assertThat(remote.identity()).isEqualTo(IDENTITY);
            Random random = new Random(1);
            for (GuestMemory each : new GuestMemory[] {remote, remote.epoch(), remote.epoch()}) {
                for (int round = 0; round < 50; round++) {
                    ScatterRead batch = new ScatterRead(1);
                    int count = 1 + random.nextInt(40);
                    for (int i = 0; i < count; i++) {
                        int length = random.nextInt(10) == 0 ? 1 + random.nextInt(100_000) : 1 << 6 + random.nextInt(7);
                        long address = random.nextInt(SIZE / 2 - length) & -(random.nextBoolean() ? Integer.highestOneBit(length) : 1);
                        batch.add(random.nextBoolean() ? address : TestMemory.HIGH + address, new byte[length + 3], 3, length);
                    }
                    each.read(batch);
                    for (int i = 0; i < count; i++) {
                        assertThat(batch.isRead(i)).isTrue();
                        assertThat(Arrays.copyOfRange(batch.destination(i), 3, 3 + batch.length(i)))
                                .isEqualTo(expected(batch.address(i), batch.length(i)));
                    }
                }
            }
        }
    }

    @Test
    void readsMoreThanARequestHolds() {
        try (RemoteMemory remote = connect()) {
            byte[] all = new byte[SIZE / 2];
            assertThat(remote.read(0, all, 0, all.length)).isTrue();
            assertThat(all).isEqualTo(expected(0, all.length));
            ScatterRead many = new ScatterRead(1);
            for (int i = 0; i < 5000; i++) {
                many.add(i * 64L, new byte[64], 0, 64);
            }
            remote.epoch().read(many);
            assertThat(many.isRead(4999)).isTrue();
            assertThat(many.destination(4999)).isEqualTo(expected(4999 * 64, 64));
        }
    }

    @Test
    void saysWhereThereIsNoRam() {
        try (RemoteMemory remote = connect()) {
            for (GuestMemory each : new GuestMemory[] {remote, remote.epoch()}) {
                assertThat(each.read(SIZE, new byte[4096], 0, 4096)).isFalse();
                assertThat(each.read(SIZE / 2 - 2048, new byte[4096], 0, 4096)).isFalse();
                assertThat(each.read(Long.MAX_VALUE - 100, new byte[4096], 0, 4096)).isFalse();
                assertThat(each.read(0, new byte[4096], 0, 4096)).isTrue();
            }
        }
    }

    @Test
    void anEpochShowsOneValueAndTheNextOneTheNew() {
        try (RemoteMemory remote = connect()) {
            GuestMemory first = remote.epoch();
            byte[] before = new byte[64];
            first.read(4096, before, 0, 64);
            Arrays.fill(memory.bytes(), 4096, 4160, (byte) 77);
            byte[] again = new byte[64];
            first.read(4096, again, 0, 64);
            assertThat(again).isEqualTo(before);
            remote.epoch().read(4096, again, 0, 64);
            assertThat(again).containsOnly(77);
        }
    }

    @Test
    void zerosCostNearlyNothing() {
        Arrays.fill(memory.bytes(), (byte) 0);
        try (RemoteMemory remote = connect()) {
            remote.read(0, new byte[SIZE / 2], 0, SIZE / 2);
            assertThat(remote.statistics().bytesReceived()).isLessThan(1000);
        }
    }

    @Test
    void aSecondWalkOfTheSameOrderNeedsFewRoundTrips() {
        try (RemoteMemory remote = connect()) {
            int[] order = new Random(3).ints(0, SIZE / 2 >> 12).distinct().limit(1000).toArray();
            long[] roundTrips = new long[2];
            for (int round = 0; round < 2; round++) {
                GuestMemory epoch = remote.epoch();
                long before = remote.statistics().roundTrips();
                for (int page : order) {
                    byte[] content = new byte[4096];
                    epoch.read((long) page << 12, content, 0, 4096);
                    assertThat(content).isEqualTo(expected((long) page << 12, 4096));
                }
                roundTrips[round] = remote.statistics().roundTrips() - before;
            }
            assertThat(roundTrips[1]).isLessThan(12).isLessThan(roundTrips[0] / 20);
        }
    }

    @Test
    void pausesForAsLongAsItIsAsked() {
        try (RemoteMemory remote = connect()) {
            VmControl.Pause pause = remote.control().orElseThrow().pause();
            assertThat(memory.pauses()).isOne();
            assertThat(remote.isLive()).isFalse();
            assertThat(remote.read(0, new byte[8], 0, 8)).isTrue();
            pause.close();
            assertThat(memory.pauses()).isZero();
            assertThat(remote.epoch().read(0, new byte[8], 0, 8)).isTrue();
        }
    }

    @Test
    void resumesWhenTheClientIsGone() throws Exception {
        RemoteMemory remote = connect();
        remote.control().orElseThrow().pause();
        sockets.client().close();
        serving.exceptionally(e -> null).get();
        assertThat(memory.pauses()).isZero();
    }

    @Test
    void resumesWhenALeaseIsNotRenewed() throws Exception {
        connect(LIMITS, RemoteOptions.USUAL).close();
        serving.exceptionally(e -> null).get();
        OpenEpochs epochs = new OpenEpochs(memory, LIMITS, new EpochNumbers());
        long number = epochs.open(EpochKind.PAUSED, Duration.ofMillis(20));
        epochs.renew(number, Duration.ofMillis(30));
        while (memory.pauses() > 0) {
            Thread.sleep(5);
        }
        assertThatThrownBy(() -> epochs.during(number, () -> { })).isInstanceOf(RefusedException.class);
    }

    @Test
    void tellsOfAVmThatIsGoneAndOfOneThatCameBack() {
        try (RemoteMemory remote = connect()) {
            memory.gone = true;
            assertThatThrownBy(() -> remote.read(0, new byte[SIZE / 2], 0, SIZE / 2)).isInstanceOf(GuestMemoryException.class)
                    .hasMessageContaining("the VM is gone");
            memory.gone = false;
            assertThat(remote.read(0, new byte[8], 0, 8)).isTrue();
        }
    }

    @Test
    void refusesEpochsThatGoBackwards() throws Exception {
        FrameChannel agent = new FrameChannel(sockets.server());
        CompletableFuture.runAsync(() -> answerWithEpochs(agent, 7, 7), Thread.ofVirtual()::start);
        try (RemoteMemory remote = RemoteMemory.connect(sockets.client(), RemoteOptions.USUAL)) {
            remote.epoch();
            assertThatThrownBy(remote::epoch).hasMessageContaining("backwards");
            assertThatThrownBy(remote::epoch).hasMessageContaining("broken");
        }
    }

    private void answerWithEpochs(FrameChannel agent, long... numbers) {
        try {
            int next = 0;
            for (Frame frame = agent.receive(); frame != null; frame = agent.receive()) {
                if (frame.type() == Frame.Type.DESCRIBE) {
                    VmDescription vm = new VmDescription(IDENTITY, "x", memory.ram(), Set.of(EpochKind.values()), Optional.empty());
                    vm.put(agent.body(vm.capacity()));
                } else {
                    ByteBuffer body = agent.body(100).putLong(numbers[next++]).putLong(1000);
                    IDENTITY.put(body);
                }
                agent.send(frame.type(), frame.request());
            }
        } catch (IOException e) {
            // The client has had enough.
        }
    }

    @Test
    void givesUpOnAnAgentThatDoesNotAnswer() {
        RemoteOptions impatient = new RemoteOptions(1 << 20, 0, Duration.ofSeconds(1), Duration.ofMillis(100));
        assertThatThrownBy(() -> RemoteMemory.connect(sockets.client(), impatient)).isInstanceOf(GuestMemoryException.class)
                .hasMessageContaining("did not answer in time");
    }

    @Test
    void theServerLimitsEpochs() throws Exception {
        OpenEpochs epochs = new OpenEpochs(memory, LIMITS, new EpochNumbers());
        for (int i = 0; i < 4; i++) {
            epochs.open(EpochKind.PAUSED, Duration.ofSeconds(5));
        }
        assertThatThrownBy(() -> epochs.open(EpochKind.PAUSED, Duration.ofSeconds(5))).hasMessageContaining("too many");
        epochs.close();
        assertThat(memory.pauses()).isZero();
    }

    @Test
    void populatedComesFromTheSource() {
        try (RemoteMemory remote = connect()) {
            assertThat(remote.populated(new PhysicalRange(4096, 8192))).containsExactly(new PhysicalRange(4096, 8192));
        }
    }

    @Test
    void survivesBrokenRequests() throws Exception {
        long seed = System.nanoTime();
        System.out.println("broken requests: seed " + seed);
        Random random = new Random(seed);
        PageServer server = new PageServer(memory, IDENTITY, LIMITS, new EpochNumbers());
        for (int round = 0; round < 2000; round++) {
            byte[] bytes = new byte[random.nextInt(60)];
            random.nextBytes(bytes);
            if (bytes.length > 9 && random.nextBoolean()) {
                ByteBuffer.wrap(bytes).putInt(bytes.length - 4).put((byte) random.nextInt(8));
            }
            try (MemoryChannel channel = new MemoryChannel(bytes)) {
                server.serve(channel);
            } catch (ChannelException e) {
                assertThat(e).hasMessageNotContaining("null");
            }
        }
        assertThat(memory.pauses()).isZero();
    }

    @Test
    void survivesBrokenAnswers() throws Exception {
        long seed = System.nanoTime();
        System.out.println("broken answers: seed " + seed);
        Random random = new Random(seed);
        ByteBuffer good = recordedAnswers();
        for (int round = 0; round < 2000; round++) {
            byte[] bytes = Arrays.copyOf(good.array(), random.nextInt(good.limit()) + 1);
            for (int flips = random.nextInt(4); flips > 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try (RemoteMemory remote = RemoteMemory.connect(new MemoryChannel(bytes), RemoteOptions.USUAL.withReadAhead(0))) {
                remote.epoch().read(0, new byte[4096], 0, 4096);
            } catch (GuestMemoryException e) {
                assertThat(e).hasMessageNotContaining("null");
            }
        }
    }

    /** What the server answers to a client that connects, opens an epoch and reads a page. */
    private ByteBuffer recordedAnswers() throws IOException {
        RecordingChannel recording = new RecordingChannel(sockets.client());
        PageServer server = new PageServer(memory, IDENTITY, LIMITS, new EpochNumbers());
        Thread.ofVirtual().start(() -> {
            try {
                server.serve(sockets.server());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        try (RemoteMemory remote = RemoteMemory.connect(recording, RemoteOptions.USUAL.withReadAhead(0))) {
            remote.epoch().read(0, new byte[4096], 0, 4096);
        }
        return recording.received();
    }
}
