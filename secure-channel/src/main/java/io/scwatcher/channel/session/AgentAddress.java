package io.scwatcher.channel.session;

import io.scwatcher.attestation.Bytes;
import io.scwatcher.channel.ChannelException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an agent listens, and which of its VMs is meant: {@code agent://HOST:PORT[/VM]} or {@code agent+unix:PATH[#VM]}. The key that the agent must have may stand before
 * host or path: {@code agent://sha256:HEX@HOST:PORT}.
 *
 * @param socket of TCP, unresolved, or a Unix socket's
 * @param vm a UUID or name as the agent's policy has it; "" for the agent's only VM
 * @param key SHA-256 of the agent's key; null if the address does not say
 */
public record AgentAddress(SocketAddress socket, String vm, Bytes key) {
    private static final String KEY = "sha256:";
    private static final String TCP = "agent://";
    private static final String UNIX = "agent+unix:";
    /** A name, an IPv4 address, or an IPv6 address in brackets. */
    private static final Pattern HOST_PORT = Pattern.compile("([^\\s:/\\[\\]]+|\\[[0-9a-fA-F:.]+(?:%[\\w.-]+)?\\]):([0-9]{1,5})(?:/(\\S{1,200}))?");
    private static final Pattern PINNED = Pattern.compile(KEY + "([0-9a-f]{64})@");
    private static final int MAX_PORT = 65_535;
    private static final Duration CONNECTING = Duration.ofSeconds(10);

    public static boolean isAgent(String vm) {
        return vm.startsWith(TCP) || vm.startsWith(UNIX);
    }

    /** @throws IllegalArgumentException one line: if it has not this form */
    public static AgentAddress parse(String text) {
        String rest = text.substring(text.startsWith(UNIX) ? UNIX.length() : text.startsWith(TCP) ? TCP.length() : text.length());
        Matcher pinned = PINNED.matcher(rest);
        Bytes key = pinned.lookingAt() ? Bytes.ofHex(pinned.group(1)) : null;
        String where = key == null ? rest : rest.substring(pinned.end());
        if (text.startsWith(UNIX)) {
            String path = where;
            int mark = path.lastIndexOf('#');
            String file = mark < 0 ? path : path.substring(0, mark);
            if (!file.isEmpty()) {
                return new AgentAddress(UnixDomainSocketAddress.of(Path.of(file).toAbsolutePath()), mark < 0 ? "" : path.substring(mark + 1), key);
            }
        }
        Matcher parts = HOST_PORT.matcher(text.startsWith(TCP) ? where : "");
        if (parts.matches() && Integer.parseInt(parts.group(2)) <= MAX_PORT) {
            String host = parts.group(1).replaceAll("^\\[|]$", "");
            return new AgentAddress(InetSocketAddress.createUnresolved(host, Integer.parseInt(parts.group(2))), parts.group(3) == null ? "" : parts.group(3), key);
        }
        throw new IllegalArgumentException("not an agent's address: " + text + " (agent://HOST:PORT[/VM] or agent+unix:PATH[#VM])");
    }

    /** The same, with the key that the agent must have. */
    public AgentAddress pinned(Bytes digest) {
        return new AgentAddress(socket, vm, digest);
    }

    /** Without key and VM: where the agent is. */
    public String place() {
        return new AgentAddress(socket, "", null).toString();
    }

    /** @throws ChannelException one line: nobody listens there */
    public SocketChannel connect() throws IOException {
        SocketChannel channel = null;
        try {
            if (socket instanceof InetSocketAddress named) {
                InetSocketAddress resolved = new InetSocketAddress(named.getHostString(), named.getPort());
                if (resolved.isUnresolved()) {
                    throw new ChannelException("there is no host called " + named.getHostString());
                }
                channel = SocketChannel.open();
                channel.socket().connect(resolved, (int) CONNECTING.toMillis());
            } else {
                channel = SocketChannel.open(socket);
            }
            withoutDelay(channel);
            return channel;
        } catch (ChannelException e) {
            throw e;
        } catch (IOException e) {
            if (channel != null) {
                channel.close();
            }
            throw new ChannelException("no agent answers at " + place() + ": " + e.getMessage(), e);
        }
    }

    /** Requests are small, and wait for their answers: TCP must not collect them. */
    public static void withoutDelay(SocketChannel channel) throws IOException {
        if (channel.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY)) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
    }

    /** The form that {@link #parse} reads. */
    @Override
    public String toString() {
        String pin = key == null ? "" : KEY + key + "@";
        if (socket instanceof InetSocketAddress tcp) {
            String host = tcp.getHostString();
            return TCP + pin + (host.contains(":") ? "[" + host + "]" : host) + ":" + tcp.getPort() + (vm.isEmpty() ? "" : "/" + vm);
        }
        return UNIX + pin + socket + (vm.isEmpty() ? "" : "#" + vm);
    }
}
