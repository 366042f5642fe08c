package io.scwatcher.cli;

import io.scwatcher.channel.relay.Relay;
import io.scwatcher.channel.relay.Traffic;
import io.scwatcher.channel.session.AgentAddress;
import io.scwatcher.host.agent.ListenAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** {@code scwatcher relay}: the untrusted host between an enclave and an agent. */
final class RelayCommand extends Command {
    private final Supplier<String> listen = option(String.class, "--listen", "ADDRESS", "Where enclaves connect: unix:PATH or HOST:PORT.").required();
    private final Supplier<String> connect = option(String.class, "--connect", "AGENT", "The agent: agent://HOST:PORT or agent+unix:PATH.").required();
    private final Supplier<Boolean> report = flag("--report", "At its end, print what it saw: bytes each way, their entropy, the longest run of printable text.");
    private final Supplier<List<String>> lookFor = options("--look-for", "TEXT", "With --report: how often this text passed. May be given several times.");
    private final Supplier<Boolean> json = flag("--json", "With --report: print one JSON object.");

    RelayCommand() {
        super("relay", "Passes bytes between enclaves and an agent, until it is ended (SIGTERM, Ctrl-C). It needs no key and no trust: sessions begin in the enclave and end in"
                + " the agent, so that all it can do is look at ciphertext, or break the connection.", "");
        footer("", "Example:", "  scwatcher relay --listen unix:/run/relay --connect agent://10.0.0.1:7000 --report --look-for root");
    }

    @Override
    public Integer call() throws IOException {
        if (!report.get() && (json.get() || !lookFor.get().isEmpty())) {
            throw wrong("--json and --look-for go with --report");
        }
        if (lookFor.get().stream().anyMatch(String::isEmpty)) {
            throw wrong("--look-for: an empty text is everywhere");
        }
        Traffic traffic = new Traffic(lookFor.get().stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList());
        ListenAddress listenAt;
        AgentAddress agent;
        try {
            listenAt = ListenAddress.parse(listen.get());
            agent = AgentAddress.parse(connect.get());
        } catch (IllegalArgumentException e) {
            throw wrong(e.getMessage());
        }
        try (Relay relay = new Relay(listenAt.bind(), agent::connect, traffic, VmOptions::note)) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(listenAt, traffic), "report"));
            VmOptions.note("relays " + listenAt + " to " + agent.place());
            relay.run();
        }
        return ExitCode.OK;
    }

    private void end(ListenAddress listenAt, Traffic traffic) {
        try {
            listenAt.remove();
        } catch (IOException e) {
            VmOptions.note(e.getMessage());
        }
        if (!report.get()) {
            return;
        }
        if (json.get()) {
            Map<String, Object> members = new LinkedHashMap<>();
            members.put("toAgent", traffic.toAgent());
            members.put("toEnclave", traffic.toEnclave());
            System.out.println(Json.line(members));
        } else {
            print("to the agent", traffic.toAgent());
            print("to the enclave", traffic.toEnclave());
        }
        System.out.flush();
    }

    private void print(String direction, Traffic.Seen seen) {
        System.out.printf(Locale.ROOT, "%-15s %12d bytes, %.4f bits of entropy in each, longest run of text %d bytes%s%n", direction + ":", seen.bytes(), seen.entropy(),
                seen.longestText(), lookFor.get().isEmpty() ? "" : ", " + seen.found() + " of the texts");
    }
}
