package io.scwatcher.testbed.qemu;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.scwatcher.testbed.TestbedException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** A connection to QEMU's machine protocol (QEMU's docs/interop/qmp-spec). Events are passed over. */
public final class Qmp implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final SocketChannel channel;
    private final BufferedReader replies;

    public Qmp(Path socket) {
        try {
            channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            channel.connect(UnixDomainSocketAddress.of(socket));
            replies = new BufferedReader(new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8));
            JsonNode greeting = JSON.readTree(replies.readLine());
            if (greeting == null || !greeting.has("QMP")) {
                throw new TestbedException(socket + " does not speak QMP");
            }
        } catch (IOException e) {
            throw new TestbedException("cannot reach QEMU at " + socket + ": " + e.getMessage(), e);
        }
        execute("qmp_capabilities", Map.of());
    }

    /** Executes a command and returns the value it returns. */
    public JsonNode execute(String command, Map<String, ?> arguments) {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("execute", command);
        if (!arguments.isEmpty()) {
            request.put("arguments", arguments);
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap((JSON.writeValueAsString(request) + "\n").getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            for (String line; (line = replies.readLine()) != null;) {
                JsonNode reply = JSON.readTree(line);
                if (reply.has("error")) {
                    throw new TestbedException("QEMU refuses " + command + ": " + reply.get("error").path("desc").asText());
                }
                if (reply.has("return")) {
                    return reply.get("return");
                }
            }
            throw new TestbedException("QEMU closed the connection during " + command);
        } catch (IOException e) {
            throw new TestbedException("QEMU does not answer " + command + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }
}
