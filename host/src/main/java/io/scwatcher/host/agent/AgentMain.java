package io.scwatcher.host.agent;

import io.scwatcher.channel.session.AgentEvent;
import io.scwatcher.host.StateDirectory;
import io.scwatcher.memory.GuestMemoryException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The child process behind {@link LocalAgent}: {@code AgentMain VM ADDRESS PARENT}. Its policy is the first line of standard input; when that ends, or the parent process
 * does, so does the agent. It prints one line when it is ready: {@code ready} and the digest of its key.
 */
public final class AgentMain {
    static final String READY = "ready ";
    private static final int EX_UNAVAILABLE = 69;

    private AgentMain() {}

    public static void main(String[] args) {
        try {
            BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            AgentPolicy policy = AgentPolicy.parse(String.valueOf(input.readLine()).getBytes(StandardCharsets.UTF_8));
            var key = StateDirectory.agentKey();
            AgentService service = AgentService.start(List.of(args[0]), ListenAddress.parse(args[1]), key, policy, AgentMain::tell, AgentMain::note);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> close(service), "end-connections"));
            Thread.ofPlatform().daemon().name("parent").start(() -> awaitEnd(input));
            // Somebody else whom the parent started may hold the pipe open, too.
            ProcessHandle.of(Long.parseLong(args[2])).ifPresentOrElse(parent -> parent.onExit().thenRun(() -> System.exit(0)), () -> System.exit(0));
            System.out.println(READY + key.keyDigest());
            service.serve();
        } catch (IOException | RuntimeException e) {
            note(e instanceof IOException || e instanceof GuestMemoryException ? String.valueOf(e.getMessage()) : e.toString());
            System.exit(EX_UNAVAILABLE);
        }
    }

    private static void awaitEnd(BufferedReader input) {
        try {
            while (input.readLine() != null) {
                // Nothing more is to be said.
            }
        } catch (IOException e) {
            // As good as its end.
        }
        System.exit(0);
    }

    /** What goes well is the enclave's to tell. */
    private static void tell(AgentEvent event) {
        if (event.kind() == AgentEvent.Kind.REFUSED) {
            note("the agent: " + event.text());
        }
    }

    private static void note(String line) {
        System.err.println(line);
    }

    private static void close(AgentService service) {
        try {
            service.close();
        } catch (IOException e) {
            note(e.getMessage());
        }
    }
}
