package io.scwatcher.cli;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.channel.session.AgentEvent;
import io.scwatcher.channel.session.KeyFile;
import io.scwatcher.channel.session.TlsIdentity;
import io.scwatcher.host.StateDirectory;
import io.scwatcher.host.agent.AgentPolicy;
import io.scwatcher.host.agent.AgentService;
import io.scwatcher.host.agent.ListenAddress;
import io.scwatcher.host.agent.RemoteVm;
import io.scwatcher.memory.GuestMemoryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** {@code scwatcher agent}: the hypervisor's side of the enclave boundary. */
final class AgentCommand extends Command {
    private final Supplier<List<String>> vms = options("--vm", "VM",
            "A VM of this host: QEMU process id, libvirt or testbed name, QMP socket, or dump file. May be given several times.");
    private final Supplier<String> listen = option(String.class, "--listen", "ADDRESS", "unix:PATH, or HOST:PORT (TCP; port 0: any that is free).").orNull();
    private final Supplier<Path> policy = option(Path.class, "--policy", "FILE", "Which enclaves may read which VM, and how; see below.").orNull();
    private final Supplier<Path> key = option(Path.class, "--key", "FILE",
            "The agent's private key, made with mode 0600 if there is none. Default: this user's, in ~/.local/state/scwatcher/agent.key.").orNull();
    private final Supplier<Boolean> allowSimulation = flag("--allow-simulation",
            "Accept the simulated platforms that the policy names. Whoever runs one can make any quote: it protects nothing.");
    private final Supplier<Boolean> printPolicy = flag("--print-policy",
            "Print a policy that lets this program, outside of any enclave and on this user's simulated platform, read every VM; and end.");
    private final Supplier<Boolean> json = flag("--json", "Print what happens to stdout, each event one JSON object on a line.");

    AgentCommand() {
        super("agent", "Serves VMs' memory to attested enclaves, encrypted, until it is ended (SIGTERM, Ctrl-C) or the last VM is gone. A VM that an enclave has paused goes"
                + " on when its lease ends, when the connection does, and when the agent does, however that happens.", "",
                "At first it prints the key that enclaves must be told ('agent key sha256:...') and its address; then one line for each connection: who attested, for which VM,"
                        + " why it was refused. Nothing of a VM's memory is ever printed.", "");
        footer("", "The policy is a JSON object. Every member must be there, and no other may be:",
                "  version             1",
                "  roots               what quotes may end in: \"intel\", and \"simulation:\" with the SHA-256 of a root's",
                "                      public key (which needs --allow-simulation)",
                "  collateral          \"enclave\": enclaves bring it, signed by their platform's vendor; else a file",
                "  connections         at once, attested or not yet",
                "  enclaves            rules, tried in order; the first that accepts an enclave and knows the VM holds:",
                "    name              for people",
                "    mrEnclave, mrSigner, bundle, configuration",
                "                      \"any\", or an array of SHA-256 in hexadecimal",
                "    product           \"any\", or an array of numbers",
                "    minimumSvn, minimumEvaluation",
                "                      numbers; 0 for any",
                "    statuses          of the platform, as Intel names them: [\"UpToDate\", \"SWHardeningNeeded\"]",
                "    allowDebug        whether enclaves that their host can read are good enough",
                "    connections       of such enclaves at once",
                "    vms               what they may read:",
                "      vm              a name or UUID, or \"any\"",
                "      captures        [\"live\"], [\"paused\"] or both",
                "      pauseLeaseSeconds  how long a VM may stand still unless the enclave asks again in time",
                "      bytesPerSecond  of memory, of all such connections together; 0: as fast as it goes",
                "      openEpochs      of one connection at once", "",
                "Exit status: 64 wrong options, 66 no such file, 69 a VM cannot be opened or is gone, 78 the policy is wrong.", "", "Examples:",
                "  scwatcher agent --print-policy > policy.json",
                "  scwatcher agent --vm web1 --listen unix:/run/web1.agent --policy policy.json --allow-simulation",
                "  scwatcher cat --vm agent+unix:/run/web1.agent --agent-key sha256:... uptime");
    }

    @Override
    public Integer call() throws IOException, AttestationException {
        if (printPolicy.get()) {
            System.out.print(AgentPolicy.simulated(StateDirectory.simulatedPlatform().anchor().keyDigest(), RemoteVm.measurement(), null, Set.of()));
            return ExitCode.OK;
        }
        if (vms.get().isEmpty() || listen.get() == null || policy.get() == null) {
            throw wrong("--vm, --listen and --policy are needed");
        }
        AgentPolicy parsed;
        try {
            parsed = policy();
        } catch (ConfigurationException e) {
            System.err.println("scwatcher: " + policy.get() + ": " + e.getMessage());
            return ExitCode.CONFIGURATION;
        }
        TlsIdentity identity = key.get() == null ? StateDirectory.agentKey() : TlsIdentity.of(KeyFile.open(key.get()), Clock.systemUTC());
        Consumer<AgentEvent> events = json.get() ? this::print : event -> VmOptions.note(event.toString());
        try (AgentService service = AgentService.start(vms.get(), address(), identity, parsed, events, this::note)) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> close(service), "end-connections"));
            start(service, identity);
            service.serve();
        }
        return ExitCode.OK;
    }

    /** A policy that cannot be followed. */
    private static final class ConfigurationException extends Exception {
        ConfigurationException(String message) {
            super(message);
        }
    }

    private AgentPolicy policy() throws IOException, ConfigurationException {
        byte[] file = Files.readAllBytes(policy.get());
        AgentPolicy parsed;
        try {
            parsed = AgentPolicy.parse(file);
        } catch (IOException e) {
            throw new ConfigurationException(e.getMessage());
        }
        if (parsed.allowsSimulation() && !allowSimulation.get()) {
            throw new ConfigurationException("the policy trusts a simulated platform, whose quotes prove nothing: give --allow-simulation if that is meant");
        }
        return parsed;
    }

    private ListenAddress address() {
        try {
            return ListenAddress.parse(listen.get());
        } catch (IllegalArgumentException e) {
            throw wrong("--listen: " + e.getMessage());
        }
    }

    private void start(AgentService service, TlsIdentity identity) {
        if (json.get()) {
            Map<String, Object> members = members("started");
            members.put("key", "sha256:" + identity.keyDigest());
            members.put("address", service.address());
            members.put("vms", service.describe());
            System.out.println(Json.line(members));
        } else {
            System.out.println("agent key sha256:" + identity.keyDigest());
            System.out.println("agent address " + service.address());
            service.describe().forEach(vm -> VmOptions.note("serves " + vm));
        }
        System.out.flush();
    }

    private void print(AgentEvent event) {
        Map<String, Object> members = members(event.kind().name().toLowerCase(Locale.ROOT));
        members.put("connection", event.connection());
        members.put("enclave", event.enclave());
        members.put("vm", event.vm());
        members.put("reason", event.reason());
        members.put("text", event.text());
        System.out.println(Json.line(members));
    }

    private void note(String line) {
        if (json.get()) {
            Map<String, Object> members = members("note");
            members.put("text", line);
            System.out.println(Json.line(members));
        } else {
            VmOptions.note(line);
        }
    }

    private static Map<String, Object> members(String event) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("event", event);
        members.put("time", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
        return members;
    }

    private static void close(AgentService service) {
        try {
            service.close();
        } catch (IOException | GuestMemoryException e) {
            VmOptions.note(e.getMessage());
        }
    }
}
