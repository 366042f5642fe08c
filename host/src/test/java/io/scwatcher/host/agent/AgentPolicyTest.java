package io.scwatcher.host.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.dcap.TcbStatus;
import io.scwatcher.attestation.dcap.TrustAnchor;
import io.scwatcher.attestation.policy.Requirement;
import io.scwatcher.channel.page.EpochKind;
import io.scwatcher.channel.page.ServerLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AgentPolicyTest {
    private static final Bytes ROOT = Bytes.sha256(new byte[] {1});
    private static final Bytes MEASUREMENT = Bytes.sha256(new byte[] {2});
    private static final String FULL = """
            {"version": 1, "roots": ["intel", "simulation:%s"], "collateral": "/etc/collateral.json", "connections": 12,
             "enclaves": [{"name": "production", "mrEnclave": ["%s"], "mrSigner": "any", "product": [1, 2], "minimumSvn": 3, "bundle": "any", "configuration": "any",
               "statuses": ["UpToDate", "SWHardeningNeeded"], "minimumEvaluation": 17, "allowDebug": false, "connections": 4,
               "vms": [{"vm": "web1", "captures": ["paused"], "pauseLeaseSeconds": 7, "bytesPerSecond": 1000000, "openEpochs": 5},
                       {"vm": "any", "captures": ["live"], "pauseLeaseSeconds": 1, "bytesPerSecond": 0, "openEpochs": 1}]}]}
            """.formatted(ROOT, MEASUREMENT);

    private static AgentPolicy parse(String text) throws IOException {
        return AgentPolicy.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void saysWhatTheFileSays() throws IOException {
        AgentPolicy policy = parse(FULL);
        assertThat(policy.roots()).containsExactlyInAnyOrder(TrustAnchor.INTEL, new TrustAnchor(TrustAnchor.Kind.SIMULATION, ROOT));
        assertThat(policy.collateral()).isEqualTo(Path.of("/etc/collateral.json"));
        assertThat(policy.connections()).isEqualTo(12);
        assertThat(policy.allowsSimulation()).isTrue();
        AgentPolicy.Rule rule = policy.rules().getFirst();
        assertThat(rule.name()).isEqualTo("production");
        assertThat(rule.connections()).isEqualTo(4);
        assertThat(rule.enclave().mrEnclave()).isEqualTo(Requirement.is(MEASUREMENT));
        assertThat(rule.enclave().productId()).isEqualTo(Requirement.is(1, 2));
        assertThat(rule.enclave().minimumSvn()).isEqualTo(Requirement.is(3));
        assertThat(rule.enclave().statuses()).containsExactlyInAnyOrder(TcbStatus.UP_TO_DATE, TcbStatus.SW_HARDENING_NEEDED);
        assertThat(rule.enclave().minimumEvaluation()).isEqualTo(17);
        assertThat(rule.enclave().allowDebug()).isFalse();
        assertThat(rule.grants()).containsExactly(
                new AgentPolicy.Grant("web1", new ServerLimits(Set.of(EpochKind.PAUSED), 5, Duration.ofSeconds(7), 1_000_000)),
                new AgentPolicy.Grant("any", new ServerLimits(Set.of(EpochKind.LIVE), 1, Duration.ofSeconds(1), Long.MAX_VALUE)));
    }

    @Test
    void theGeneratedOneIsUnderstood() throws IOException {
        AgentPolicy policy = parse(AgentPolicy.simulated(ROOT, MEASUREMENT, MEASUREMENT, Set.of()));
        assertThat(policy.roots()).containsExactly(new TrustAnchor(TrustAnchor.Kind.SIMULATION, ROOT));
        assertThat(policy.rules().getFirst().enclave().configuration()).isEqualTo(Requirement.is(MEASUREMENT));
        assertThat(policy.rules().getFirst().grants().getFirst().limits().captures()).containsExactlyInAnyOrder(EpochKind.values());
        assertThat(policy.collateral()).isNull();
    }

    /** Each member of the policy, taken away, renamed, or of another type, is told by its name. */
    @Test
    void nothingMayBeMissingOrUnknown() throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        List<String> pointers = new ArrayList<>();
        collect(mapper.readTree(FULL), "", pointers);
        assertThat(pointers).hasSizeGreaterThan(20);
        for (String pointer : pointers) {
            String name = pointer.substring(pointer.lastIndexOf('/') + 1);
            String parent = pointer.substring(0, pointer.lastIndexOf('/'));
            JsonNode missing = mapper.readTree(FULL);
            ((ObjectNode) missing.at(parent)).remove(name);
            assertThatThrownBy(() -> parse(missing.toString())).as(pointer).isInstanceOf(IOException.class).hasMessageStartingWith("the policy").hasMessageContaining(name);
            JsonNode other = mapper.readTree(FULL);
            ((ObjectNode) other.at(parent)).putNull(name);
            assertThatThrownBy(() -> parse(other.toString())).as(pointer).isInstanceOf(IOException.class).hasMessageContaining(name);
            JsonNode more = mapper.readTree(FULL);
            ((ObjectNode) more.at(parent)).put("unheardOf", 1);
            assertThatThrownBy(() -> parse(more.toString())).as(pointer).isInstanceOf(IOException.class).hasMessageContaining("unheardOf");
        }
    }

    private static void collect(JsonNode node, String pointer, List<String> pointers) {
        if (node.isObject()) {
            node.fieldNames().forEachRemaining(name -> {
                pointers.add(pointer + "/" + name);
                collect(node.get(name), pointer + "/" + name, pointers);
            });
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                collect(node.get(i), pointer + "/" + i, pointers);
            }
        }
    }

    @Test
    void whatCannotBeMeantIsRefused() {
        String[][] changes = {{"\"version\": 1", "\"version\": 2"}, {"\"intel\"", "\"amd\""}, {"simulation:" + ROOT, "simulation:" + TrustAnchor.INTEL.keyDigest()},
            {"[\"intel\", \"simulation:" + ROOT + "\"]", "[]"}, {"\"connections\": 12", "\"connections\": 0"}, {"[1, 2]", "[65536]"}, {"[1, 2]", "[]"},
            {"\"minimumSvn\": 3", "\"minimumSvn\": -1"}, {"\"UpToDate\", ", "\"Revoked\", "}, {"\"UpToDate\", ", "\"uptodate\", "}, {"[\"paused\"]", "[]"},
            {"[\"paused\"]", "[\"stopped\"]"}, {"\"pauseLeaseSeconds\": 7", "\"pauseLeaseSeconds\": 0"}, {"\"openEpochs\": 5", "\"openEpochs\": 5000000000"},
            {"\"allowDebug\": false", "\"allowDebug\": \"no\""}, {"\"mrSigner\": \"any\"", "\"mrSigner\": \"all\""}, {"[\"" + MEASUREMENT + "\"]", "[\"00\"]"},
            {"\"version\": 1", "\"version\": 1, \"version\": 1"}, {"{\"version\"", "[{\"version\""}};
        for (String[] change : changes) {
            assertThat(FULL).contains(change[0]);
            assertThatThrownBy(() -> parse(FULL.replace(change[0], change[1]))).as(change[1]).isInstanceOf(IOException.class).hasMessageStartingWith("the policy");
        }
    }
}
