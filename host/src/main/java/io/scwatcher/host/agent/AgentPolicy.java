package io.scwatcher.host.agent;

import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.dcap.TcbStatus;
import io.scwatcher.attestation.dcap.TrustAnchor;
import io.scwatcher.attestation.policy.Policy;
import io.scwatcher.attestation.policy.Requirement;
import io.scwatcher.channel.page.EpochKind;
import io.scwatcher.channel.page.ServerLimits;
import io.scwatcher.enclave.json.StrictObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which enclaves may read which VMs, and how: the file that {@code scwatcher agent} is given. Nothing in it is optional, and nothing that is not known here may stand in it.
 *
 * @param roots what quotes may end in
 * @param collateral the agent's own file, read anew for each connection; null to take what enclaves bring
 * @param connections at once, attested or not yet
 * @param rules tried in order; the first that accepts an enclave and knows the VM holds
 */
public record AgentPolicy(List<TrustAnchor> roots, Path collateral, int connections, List<Rule> rules) {
    private static final int VERSION = 1;
    private static final String ANY = "any";
    private static final String FROM_ENCLAVE = "enclave";
    private static final String INTEL = "intel";
    private static final String SIMULATION = "simulation:";

    /**
     * One kind of enclave.
     *
     * @param name for people
     * @param connections of such enclaves at once
     */
    public record Rule(String name, Policy enclave, int connections, List<Grant> grants) {}

    /** @param vm a name or UUID; "any" for all that the agent serves */
    public record Grant(String vm, ServerLimits limits) {
        boolean isAbout(ServedVm served) {
            return vm.equals(ANY) || served.isCalled(vm);
        }
    }

    /** @throws IOException one line: what is wrong with it */
    public static AgentPolicy parse(byte[] file) throws IOException {
        StrictObject top = StrictObject.parse("the policy", file);
        long version = top.number("version");
        if (version != VERSION) {
            throw top.wrong("version", "is " + version + ", known is " + VERSION);
        }
        List<TrustAnchor> roots = new ArrayList<>();
        for (String root : top.texts("roots")) {
            roots.add(root(top, root));
        }
        String collateral = top.text("collateral");
        int connections = (int) top.number("connections", 1, 10_000);
        List<Rule> rules = new ArrayList<>();
        for (StrictObject rule : top.objects("enclaves")) {
            rules.add(rule(rule));
        }
        top.end();
        if (roots.isEmpty()) {
            throw top.wrong("roots", "is empty, so that no quote can be accepted");
        }
        return new AgentPolicy(List.copyOf(roots), collateral.equals(FROM_ENCLAVE) ? null : Path.of(collateral), connections, List.copyOf(rules));
    }

    /** Whether quotes of a simulated platform are accepted. */
    public boolean allowsSimulation() {
        return roots.stream().anyMatch(root -> root.kind() == TrustAnchor.Kind.SIMULATION);
    }

    private static TrustAnchor root(StrictObject top, String root) throws IOException {
        if (root.equals(INTEL)) {
            return TrustAnchor.INTEL;
        }
        if (root.matches(SIMULATION + "[0-9a-f]{64}")) {
            try {
                return new TrustAnchor(TrustAnchor.Kind.SIMULATION, Bytes.ofHex(root.substring(SIMULATION.length())));
            } catch (IllegalArgumentException e) {
                throw top.wrong("roots", "calls Intel's root a simulated one");
            }
        }
        throw top.wrong("roots", "has \"" + root + "\", which is neither \"intel\" nor \"simulation:\" with the SHA-256 of a root's key");
    }

    private static Rule rule(StrictObject from) throws IOException {
        String name = from.text("name");
        Policy enclave = Policy.builder().mrEnclave(from.anyOrDigests("mrEnclave")).mrSigner(from.anyOrDigests("mrSigner"))
                .productId(from.anyOrNumbers("product")).minimumSvn(Requirement.is((int) from.number("minimumSvn", 0, 65_535)))
                .bundle(from.anyOrDigests("bundle")).configuration(from.anyOrDigests("configuration")).statuses(statuses(from))
                .minimumEvaluation(from.number("minimumEvaluation")).allowDebug(from.flag("allowDebug")).build();
        int connections = (int) from.number("connections", 1, 10_000);
        List<Grant> grants = new ArrayList<>();
        for (StrictObject grant : from.objects("vms")) {
            grants.add(grant(grant));
        }
        from.end();
        return new Rule(name, enclave, connections, List.copyOf(grants));
    }

    private static Set<TcbStatus> statuses(StrictObject from) throws IOException {
        Set<TcbStatus> statuses = EnumSet.noneOf(TcbStatus.class);
        for (String text : from.texts("statuses")) {
            statuses.add(Arrays.stream(TcbStatus.values()).filter(one -> one != TcbStatus.REVOKED && one.toString().equals(text)).findFirst()
                    .orElseThrow(() -> from.wrong("statuses", "has " + text + ", which is no status that can be accepted")));
        }
        if (statuses.isEmpty()) {
            throw from.wrong("statuses", "is empty, so that nothing fulfils it");
        }
        return statuses;
    }

    private static Grant grant(StrictObject from) throws IOException {
        String vm = from.text("vm");
        Set<EpochKind> captures = EnumSet.noneOf(EpochKind.class);
        for (String text : from.texts("captures")) {
            captures.add(Arrays.stream(EpochKind.values()).filter(kind -> kind.name().toLowerCase(Locale.ROOT).equals(text)).findFirst()
                    .orElseThrow(() -> from.wrong("captures", "has " + text + ", which is neither live nor paused")));
        }
        if (captures.isEmpty()) {
            throw from.wrong("captures", "is empty, so that nothing can be read");
        }
        Duration lease = Duration.ofSeconds(from.number("pauseLeaseSeconds", 1, 3600));
        long rate = from.number("bytesPerSecond", 0, Long.MAX_VALUE);
        int epochs = (int) from.number("openEpochs", 1, 10_000);
        from.end();
        return new Grant(vm, new ServerLimits(captures, epochs, lease, rate == 0 ? Long.MAX_VALUE : rate));
    }

    /**
     * A policy for one enclave on a simulated platform, as text.
     *
     * @param root SHA-256 of the key of the simulated platform's root
     * @param mrEnclave the enclave's measurement
     * @param configuration null for any
     * @param captures empty for both
     */
    public static String simulated(Bytes root, Bytes mrEnclave, Bytes configuration, Set<EpochKind> captures) {
        String kinds = String.join(", ", (captures.isEmpty() ? EnumSet.allOf(EpochKind.class) : captures).stream()
                .map(kind -> "\"" + kind.name().toLowerCase(Locale.ROOT) + "\"").toList());
        return """
                {
                  "version": 1,
                  "roots": ["simulation:%s"],
                  "collateral": "enclave",
                  "connections": 64,
                  "enclaves": [
                    {
                      "name": "this program, simulated",
                      "mrEnclave": ["%s"],
                      "mrSigner": "any",
                      "product": "any",
                      "minimumSvn": 0,
                      "bundle": "any",
                      "configuration": %s,
                      "statuses": ["UpToDate"],
                      "minimumEvaluation": 0,
                      "allowDebug": false,
                      "connections": 32,
                      "vms": [
                        {"vm": "any", "captures": [%s], "pauseLeaseSeconds": 30, "bytesPerSecond": 0, "openEpochs": 256}
                      ]
                    }
                  ]
                }
                """.formatted(root, mrEnclave, configuration == null ? "\"any\"" : "[\"" + configuration + "\"]", kinds);
    }
}
