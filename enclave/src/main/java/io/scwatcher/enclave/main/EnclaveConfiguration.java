package io.scwatcher.enclave.main;

import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.policy.Requirement;
import io.scwatcher.enclave.json.StrictObject;
import io.scwatcher.enclave.session.ToolRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/**
 * What an enclave is told before it starts, and what it tells about itself: the digest of these very bytes is claimed beside its quote. Nothing in it is
 * optional, and nothing that is not known here may stand in it.
 *
 * @param digest SHA-256 of the file
 * @param evidence where its quotes come from
 * @param listen where tenants connect: "inherited" (standard input is the listening socket), "unix:PATH" or "HOST:PORT"
 * @param agentKeys SHA-256 of the keys that an agent may have
 * @param agentAddresses where agents may be looked for, which is the host's word; one that ends in * stands for all that begin so
 * @param tenants SHA-256 of the keys that a tenant may have
 * @param bundles the host's directory with bundles, each named by its digest
 * @param allowedBundles their digests
 */
record EnclaveConfiguration(Bytes digest, EvidenceSource evidence, String listen, Set<Bytes> agentKeys, Set<String> agentAddresses, Requirement<Bytes> tenants,
        Path bundles, Requirement<Bytes> allowedBundles, RunLimits limits) {
    static final String INHERITED = "inherited";
    private static final int VERSION = 1;

    /** Where quotes come from, and what else that takes. */
    sealed interface EvidenceSource {
        /** @param mrEnclave the file in which whoever started the process noted what it measured, as a processor would */
        record Simulation(Path platform, Path mrEnclave) implements EvidenceSource {}

        record Gramine(Path directory, Path collateral) implements EvidenceSource {}

        record Occlum(Path device, Path collateral) implements EvidenceSource {}

        /**
         * @param key PKCS #8 in PEM
         * @param chain of the key in PEM, its own certificate first
         */
        record Provisioned(Path key, Path chain) implements EvidenceSource {}
    }

    /**
     * What tenants may use at most; 0 where the layer's own limit holds.
     *
     * @param runs at the same time
     * @param runsOfOneTenant at the same time
     * @param memoryMegabytes cpuSeconds, processes and outputMegabytes: of each run
     */
    record RunLimits(int runs, int runsOfOneTenant, int memoryMegabytes, int processes, int cpuSeconds, int outputMegabytes) {
        ToolRequest.Bounds bounds() {
            return new ToolRequest.Bounds(cpuSeconds, memoryMegabytes, processes, outputMegabytes);
        }
    }

    /** @throws IOException one line: what is wrong with it */
    static EnclaveConfiguration parse(byte[] file) throws IOException {
        StrictObject top = StrictObject.parse("the configuration", file);
        int version = top.number("version");
        if (version != VERSION) {
            throw new IOException("the configuration is of version " + version + ", known is " + VERSION);
        }
        StrictObject agents = top.object("agents");
        StrictObject bundles = top.object("bundles");
        EnclaveConfiguration configuration = new EnclaveConfiguration(Bytes.sha256(file), evidence(top.object("evidence")), top.text("listen"), agents.digests("keys"),
                agents.texts("addresses"), top.anyOrDigests("tenants"), Path.of(bundles.text("directory")), bundles.anyOrDigests("digests"),
                limits(top.object("limits")));
        agents.end();
        bundles.end();
        top.end();
        return configuration;
    }

    private static EvidenceSource evidence(StrictObject from) throws IOException {
        String source = from.text("source");
        EvidenceSource evidence = switch (source) {
            case "simulation" -> new EvidenceSource.Simulation(Path.of(from.text("platform")), Path.of(from.text("mrenclave")));
            case "gramine" -> new EvidenceSource.Gramine(Path.of(from.text("directory")), Path.of(from.text("collateral")));
            case "occlum" -> new EvidenceSource.Occlum(Path.of(from.text("device")), Path.of(from.text("collateral")));
            case "provisioned" -> new EvidenceSource.Provisioned(Path.of(from.text("key")), Path.of(from.text("chain")));
            default -> throw new IOException("the configuration's evidence.source is none of simulation, gramine, occlum and provisioned: " + source);
        };
        from.end();
        return evidence;
    }

    private static RunLimits limits(StrictObject from) throws IOException {
        RunLimits limits = new RunLimits(from.number("runs"), from.number("runsOfOneTenant"), from.number("memoryMegabytes"), from.number("processes"),
                from.number("cpuSeconds"), from.number("outputMegabytes"));
        from.end();
        if (limits.runs < 1 || limits.runsOfOneTenant < 1) {
            throw new IOException("the configuration allows no run at all");
        }
        return limits;
    }

    /** Whether an agent may be looked for there. */
    boolean allowsAddress(String address) {
        return agentAddresses.stream().anyMatch(allowed -> allowed.endsWith("*")
                ? address.startsWith(allowed.substring(0, allowed.length() - 1)) && !address.contains("..") : address.equals(allowed));
    }
}
