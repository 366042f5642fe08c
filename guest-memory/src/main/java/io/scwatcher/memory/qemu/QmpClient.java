package io.scwatcher.memory.qemu;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.scwatcher.memory.GuestMemoryException;
import io.scwatcher.memory.host.UnixSocket;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.NoSuchElementException;

/** A connection to QEMU's machine protocol (QMP, docs/interop/qmp-spec). One client at a time is served. */
final class QmpClient implements AutoCloseable {
    private static final Duration GREETING = Duration.ofSeconds(3);
    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path path;
    private final UnixSocket socket;
    private final MappingIterator<JsonNode> messages;

    private QmpClient(Path path, UnixSocket socket) throws IOException {
        this.path = path;
        this.socket = socket;
        messages = JSON.readerFor(JsonNode.class).readValues(socket.input());
    }

    /** @throws GuestMemoryException if nobody listens, another client is connected, or it is no QMP socket */
    static QmpClient connect(Path path) {
        UnixSocket socket;
        try {
            socket = UnixSocket.connect(path, GREETING);
        } catch (SocketTimeoutException e) {
            throw busy(path);
        } catch (IOException e) {
            throw new GuestMemoryException("Cannot connect to the QMP socket %s: %s; is the VM running?"
                    .formatted(path, e.getMessage()), e);
        }
        try {
            QmpClient client = new QmpClient(path, socket);
            if (!client.next().has("QMP")) {
                throw new GuestMemoryException(path + " is a socket but not a QMP socket; name the one of QEMU's -qmp option");
            }
            socket.answerWithin(ANSWER);
            client.execute("qmp_capabilities");
            return client;
        } catch (SocketTimeoutException e) {
            socket.close();
            throw busy(path);
        } catch (JsonProcessingException e) {
            socket.close();
            throw new GuestMemoryException(
                    path + " is a socket but not a QMP socket; name the one of QEMU's -qmp option", e);
        } catch (IOException e) {
            socket.close();
            throw closed(path, e);
        } catch (GuestMemoryException e) {
            socket.close();
            throw e;
        }
    }

    private static GuestMemoryException busy(Path path) {
        return new GuestMemoryException(("The QMP socket %s does not answer: another client holds it, and it serves one "
                + "at a time; close that client, or name the VM by QEMU's process id").formatted(path));
    }

    private static GuestMemoryException closed(Path path, IOException cause) {
        return new GuestMemoryException(
                "QEMU closed the QMP socket %s; name the VM again if it runs still".formatted(path), cause);
    }

    int peerPid() {
        try {
            return socket.peerPid();
        } catch (IOException e) {
            throw closed(path, e);
        }
    }

    /** @return what the command returns */
    JsonNode execute(String command) {
        return execute(command, JSON.createObjectNode());
    }

    synchronized JsonNode execute(String command, ObjectNode arguments) {
        ObjectNode request = JSON.createObjectNode().put("execute", command);
        request.set("arguments", arguments);
        try {
            socket.send(JSON.writeValueAsBytes(request));
            while (true) {
                JsonNode message = next();
                if (message.has("return")) {
                    return message.get("return");
                }
                if (message.has("error")) {
                    throw new GuestMemoryException("QEMU refuses the command %s on %s: %s"
                            .formatted(command, path, message.path("error").path("desc").asText()));
                }
            }
        } catch (SocketTimeoutException e) {
            throw new GuestMemoryException("QEMU did not answer %s on %s within %d s; is its process stopped?"
                    .formatted(command, path, ANSWER.toSeconds()), e);
        } catch (IOException e) {
            throw closed(path, e);
        }
    }

    /** A command of the human monitor. @return what it prints */
    String monitor(String line) {
        return execute("human-monitor-command", JSON.createObjectNode().put("command-line", line)).asText();
    }

    boolean isRunning() {
        return execute("query-status").path("running").asBoolean();
    }

    private JsonNode next() throws IOException {
        try {
            return messages.nextValue();
        } catch (NoSuchElementException e) {
            throw new IOException("end of file", e);
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
