package io.scwatcher.memory.qemu;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonParser;
import io.scwatcher.memory.GuestMemoryException;
import io.scwatcher.memory.host.UnixSocket;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** A connection to QEMU's machine protocol (QMP, docs/interop/qmp-spec). One client at a time is served. */
final class QmpClient implements AutoCloseable {
    private static final Duration GREETING = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(30);

    private final Path path;
    private final UnixSocket socket;
    private final JsonParser messages;

    private QmpClient(Path path, UnixSocket socket) throws IOException {
        this.path = path;
        this.socket = socket;
        messages = Json.reader(socket.input());
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
            if (!client.next().containsKey("QMP")) {
                throw new GuestMemoryException(
                        path + " is a socket but not a QMP socket; name the one of QEMU's -qmp option");
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
        return new GuestMemoryException(("The QMP socket %s does not answer: another client holds it, and it serves "
                + "one at a time; close that client, or name the VM by QEMU's process id").formatted(path));
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

    /** @return what the command returns: a map, a list or a simple value */
    Object execute(String command) {
        return execute(command, Map.of());
    }

    synchronized Object execute(String command, Map<String, String> arguments) {
        try {
            socket.send("{\"execute\": \"%s\", \"arguments\": %s}\n"
                    .formatted(command, Json.object(arguments)).getBytes(StandardCharsets.UTF_8));
            while (true) {
                Map<?, ?> message = next();
                if (message.containsKey("return")) {
                    return message.get("return");
                }
                if (message.get("error") instanceof Map<?, ?> error) {
                    throw new GuestMemoryException("QEMU refuses the command %s on %s: %s"
                            .formatted(command, path, error.get("desc")));
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
        return String.valueOf(execute("human-monitor-command", Map.of("command-line", line)));
    }

    boolean isRunning() {
        return execute("query-status") instanceof Map<?, ?> status && Boolean.TRUE.equals(status.get("running"));
    }

    private Map<?, ?> next() throws IOException {
        Object message = Json.read(messages);
        if (message == null) {
            throw new EOFException("end of file");
        }
        return message instanceof Map<?, ?> map ? map : Map.of();
    }

    @Override
    public void close() {
        socket.close();
    }
}
