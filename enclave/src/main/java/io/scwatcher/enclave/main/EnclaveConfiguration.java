package io.scwatcher.enclave.main;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.policy.Requirement;
import io.scwatcher.enclave.session.ToolRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
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
    private static final int MAX_LENGTH = 1 << 20;
    private static final JsonMapper MAPPER = JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

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
        if (file.length > MAX_LENGTH) {
            throw new IOException("the configuration is longer than " + MAX_LENGTH + " bytes");
        }
        Members top;
        try {
            top = new Members("", MAPPER.readTree(file));
        } catch (JsonProcessingException e) {
            throw new IOException("the configuration is not JSON: " + e.getOriginalMessage());
        }
        int version = top.number("version");
        if (version != VERSION) {
            throw new IOException("the configuration is of version " + version + ", known is " + VERSION);
        }
        Members agents = top.object("agents");
        Members bundles = top.object("bundles");
        EnclaveConfiguration configuration = new EnclaveConfiguration(Bytes.sha256(file), evidence(top.object("evidence")), top.text("listen"), agents.digests("keys"),
                agents.texts("addresses"), top.anyOrDigests("tenants"), Path.of(bundles.text("directory")), bundles.anyOrDigests("digests"),
                limits(top.object("limits")));
        agents.end();
        bundles.end();
        top.end();
        return configuration;
    }

    private static EvidenceSource evidence(Members from) throws IOException {
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

    private static RunLimits limits(Members from) throws IOException {
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

    /** A JSON object of which each member is asked for once. */
    private static final class Members {
        private final String path;
        private final JsonNode node;
        private final Set<String> left = new LinkedHashSet<>();

        Members(String path, JsonNode node) throws IOException {
            this.path = path;
            this.node = node;
            if (!node.isObject()) {
                throw new IOException("the configuration" + (path.isEmpty() ? "" : "'s " + path.substring(0, path.length() - 1)) + " is not a JSON object");
            }
            node.fieldNames().forEachRemaining(left::add);
        }

        private JsonNode take(String name) throws IOException {
            if (!left.remove(name)) {
                throw wrong(name, "is missing");
            }
            return node.get(name);
        }

        private IOException wrong(String name, String how) {
            return new IOException("the configuration's " + path + name + " " + how);
        }

        Members object(String name) throws IOException {
            return new Members(path + name + ".", take(name));
        }

        String text(String name) throws IOException {
            JsonNode value = take(name);
            if (!value.isTextual() || value.textValue().isEmpty()) {
                throw wrong(name, "is not a text");
            }
            return value.textValue();
        }

        int number(String name) throws IOException {
            JsonNode value = take(name);
            if (!value.isInt() || value.intValue() < 0) {
                throw wrong(name, "is not a number of 0 or more");
            }
            return value.intValue();
        }

        Set<String> texts(String name) throws IOException {
            JsonNode value = take(name);
            Set<String> texts = new LinkedHashSet<>();
            for (JsonNode one : value.isArray() ? value : List.<JsonNode>of()) {
                if (!one.isTextual()) {
                    throw wrong(name, "has something that is not a text");
                }
                texts.add(one.textValue());
            }
            if (!value.isArray()) {
                throw wrong(name, "is not an array");
            }
            return Set.copyOf(texts);
        }

        Set<Bytes> digests(String name) throws IOException {
            Set<Bytes> digests = new LinkedHashSet<>();
            for (String text : texts(name)) {
                if (!text.matches("[0-9a-f]{64}")) {
                    throw wrong(name, "has something that is not a SHA-256 in hexadecimal");
                }
                digests.add(Bytes.ofHex(text));
            }
            return Set.copyOf(digests);
        }

        Requirement<Bytes> anyOrDigests(String name) throws IOException {
            if (left.contains(name) && node.get(name).isTextual()) {
                if (!text(name).equals("any")) {
                    throw wrong(name, "is neither \"any\" nor an array");
                }
                return Requirement.any();
            }
            Set<Bytes> digests = digests(name);
            if (digests.isEmpty()) {
                throw wrong(name, "is empty, so that nothing fulfils it");
            }
            return new Requirement.OneOf<>(digests);
        }

        void end() throws IOException {
            if (!left.isEmpty()) {
                throw new IOException("the configuration has what is not known: " + path + left.iterator().next());
            }
        }
    }
}
