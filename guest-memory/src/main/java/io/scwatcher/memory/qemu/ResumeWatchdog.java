package io.scwatcher.memory.qemu;

import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Scanner;
import java.util.concurrent.CompletableFuture;

/**
 * A process of its own that resumes a VM when the process that paused it dies, even by SIGKILL. Its parent tells it
 * through its standard input: {@link #PAUSED} before pausing, {@link #RESUMED} afterwards; the end of the input, or of
 * the parent, is what it waits for. It uses nothing but the JDK, so that any JVM starts it in a moment.
 */
final class ResumeWatchdog {
    static final int PAUSED = 'p';
    static final int RESUMED = 'r';

    private static volatile boolean paused;

    private ResumeWatchdog() {}

    /** @param args the QMP socket and the parent's process id */
    public static void main(String[] args) throws Exception {
        CompletableFuture<Void> end = CompletableFuture.runAsync(ResumeWatchdog::listen);
        // The input stays open if another child of the parent inherited it.
        CompletableFuture<?> parent = ProcessHandle.of(Long.parseLong(args[1]))
                .<CompletableFuture<?>>map(ProcessHandle::onExit)
                .orElse(CompletableFuture.completedFuture(null));
        System.out.println("ready");
        CompletableFuture.anyOf(end, parent).join();
        while (!end.isDone() && System.in.available() > 0) {
            Thread.sleep(1);
        }
        if (paused) {
            resume(UnixDomainSocketAddress.of(args[0]));
        }
    }

    private static void listen() {
        try {
            for (int next = System.in.read(); next >= 0; next = System.in.read()) {
                paused = next == PAUSED;
            }
        } catch (IOException e) {
            // The end, as well.
        }
    }

    /** Waits for its turn if another client holds the socket. Ends when QEMU does. */
    private static void resume(UnixDomainSocketAddress socket) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(socket);
            InputStream input = Channels.newInputStream(channel);
            Scanner replies = new Scanner(input, StandardCharsets.UTF_8);
            await(replies, "\"QMP\"");
            for (String command : new String[] {"qmp_capabilities", "cont"}) {
                channel.write(StandardCharsets.UTF_8.encode("{\"execute\":\"%s\"}\n".formatted(command)));
                await(replies, "\"return\"");
            }
        }
    }

    private static void await(Scanner replies, String part) {
        while (!replies.nextLine().contains(part)) {
            // An event.
        }
    }
}
