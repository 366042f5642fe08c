package io.scwatcher.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Costs one boot of each kernel, and one more with the rootkit. */
@Tag("vm")
class PopulationVmTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @ValueSource(strings = {"5.10", "6.1", "6.12", "7.x"})
    void isThereAsTheManifestSays(String kernel) throws IOException {
        withGuest(options -> options.withKernel(kernel), guest -> {
            Map<String, JsonNode> roles = roles(guest);
            assertThat(roles.values()).filteredOn(role -> role.has("failed")).isEmpty();
            assertThat(guest.release()).startsWith(kernel.replace(".x", "."));

            assertThat(stat(guest, roles.get("zombies").get("exited"))).contains(") Z ");
            assertThat(stat(guest, roles.get("stopped").get("stopped"))).contains(") T ");
            assertThat(stat(guest, roles.get("tracer").get("traceeStopped"))).contains(") t ");
            assertThat(stat(guest, roles.get("uninterruptible").get("pid"))).contains(") D ");
            assertThat(stat(guest, roles.get("strange-name").get("pid"))).contains("(a) b (\\c\nd\u00ff)");
            assertThat(proc(guest, roles, "threads", "status")).contains("Threads:\t7\n");
            assertThat(proc(guest, roles, "title-short", "cmdline")).isEqualTo(roles.get("title-short").get("cmdline").asText()
                    .concat("\0".repeat(proc(guest, roles, "title-short", "cmdline").length() - 13)));
            assertThat(proc(guest, roles, "title-long", "cmdline")).startsWith(roles.get("title-long").get("cmdline").asText());
            assertThat(proc(guest, roles, "long-command-line", "cmdline")).hasSizeGreaterThan(6000).contains("\0latin1-\u00e9\u00ff\0");
            assertThat(proc(guest, roles, "capabilities", "status")).contains("CapPrm:\t0000000000002400\n");
            assertThat(proc(guest, roles, "filtered", "status")).contains("Seccomp:\t2\n");
            assertThat(link(guest, roles.get("deleted-executable").get("process"), "exe")).isEqualTo("/var/tmp/gone/program (deleted)");
            assertThat(link(guest, roles.get("strange-place").get("pid"), "cwd")).isEqualTo("/var/tmp/strange place\n\\040");
            assertThat(guest.exec("ls", "/proc/" + roles.get("open-files").get("pid") + "/fd").output().lines().count())
                    .isEqualTo(roles.get("open-files").get("files").asLong());

            String tcp = guest.exec("cat", "/proc/net/tcp", "/proc/net/tcp6").output();
            for (int port : new int[] {8080, 8081, 8082, 8083, 8084, 8090}) {
                assertThat(tcp).containsPattern(":%04X [0:]+ 0A ".formatted(port));
            }
            assertThat(guest.exec("ps", "-o", "user=", "-p", roles.get("alice").get("pid").asText()).output().strip()).isEqualTo("alice");
            assertThat(guest.exec("cat", "/proc/swaps").output()).contains("/dev/vdc").contains("\\040");
            assertThat(guest.exec("cat", "/proc/locks").output()).contains("-> ");
        });
    }

    @Test
    void theRootkitHidesItsProcessAndPortFromTheGuestsToolsOnly() throws IOException {
        withGuest(options -> options.withRootkit().withoutPopulation(), guest -> {
            String pid = roles(guest).get("hidden").get("pid").asText();
            assertThat(guest.exec("ps", "-e").output()).doesNotContain("backdoor").contains("agent");
            assertThat(guest.exec("netstat", "-tln").output()).doesNotContain(":31337");
            assertThat(guest.exec("sh", "-c", "ls /proc").output().lines()).doesNotContain(pid);
            assertThat(guest.exec("cat", "/proc/net/tcp").output()).doesNotContain(":7A69 ");
            // A static program does not load the library: the process and its port are really there.
            assertThat(guest.exec("busybox", "cat", "/proc/net/tcp").output()).contains(":7A69 ");
            assertThat(guest.exec("busybox", "cat", "/proc/" + pid + "/comm").output()).isEqualTo("backdoor\n");
        });
    }

    @Test
    void crowdsHaveTheSizeAskedFor() throws IOException {
        withGuest(options -> options.withoutPopulation().withTasks(300).withSockets(500), guest -> {
            assertThat(guest.exec("sh", "-c", "cat /proc/[0-9]*/comm | grep -c ^crowd-").output().strip()).isEqualTo("300");
            String sockets = roles(guest).get("sockets").get("pid").asText();
            assertThat(guest.exec("sh", "-c", "ls -l /proc/" + sockets + "/fd | grep -c socket:").output().strip()).isEqualTo("501");
        });
    }

    private interface Check {
        void on(Guest guest) throws IOException;
    }

    private static void withGuest(java.util.function.UnaryOperator<GuestOptions> shape, Check check) throws IOException {
        Consumer<String> progress = System.err::println;
        GuestOptions options = GuestOptions.defaults("test-population-" + ProcessHandle.current().pid());
        try (Guest guest = new Testbed(progress).up(shape.apply(options))) {
            check.on(guest);
        }
    }

    private static Map<String, JsonNode> roles(Guest guest) throws IOException {
        Map<String, JsonNode> roles = new HashMap<>();
        JSON.readTree(guest.manifest()).get("roles").forEach(role -> roles.put(role.get("role").asText(), role));
        return roles;
    }

    private static String stat(Guest guest, JsonNode pid) {
        return guest.exec("cat", "/proc/" + pid.asText() + "/stat").orFail().output();
    }

    private static String proc(Guest guest, Map<String, JsonNode> roles, String role, String file) {
        return guest.exec("cat", "/proc/" + roles.get(role).get("pid").asText() + "/" + file).orFail().output();
    }

    private static String link(Guest guest, JsonNode pid, String name) {
        return guest.exec("readlink", "-n", "/proc/" + pid.asText() + "/" + name).orFail().output();
    }
}
