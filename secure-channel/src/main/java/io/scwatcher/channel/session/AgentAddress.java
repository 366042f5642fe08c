package io.scwatcher.channel.session;

import io.scwatcher.channel.ChannelException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an agent listens, and which of its VMs is meant: {@code agent://HOST:PORT[/VM]} or {@code agent+unix:PATH[#VM]}.
 *
 * @param socket of TCP, unresolved, or a Unix socket's
 * @param vm a UUID or name as the agent's policy has it; "" for the agent's only VM
 */
public record AgentAddress(SocketAddress socket, String vm) {
    private static final String TCP = "agent://";
    private static final String UNIX = "agent+unix:";
    /** A name, an IPv4 address, or an IPv6 address in brackets. */
    private static final Pattern HOST_PORT = Pattern.compile("([^\\s:/\\[\\]]+|\\[[0-9a-fA-F:.]+(?:%[\\w.-]+)?\\]):([0-9]{1,5})(?:/(\\S{1,200}))?");
    private static final int MAX_PORT = 65_535;
    private static final Duration CONNECTING = Duration.ofSeconds(10);

    public static boolean isAgent(String vm) {
        return vm.startsWith(TCP) || vm.startsWith(UNIX);
    }

    /** @throws IllegalArgumentException one line: if it has not this form */
    public static AgentAddress parse(String text) {
        if (text.startsWith(UNIX)) {
            String path = text.substring(UNIX.length());
            int mark = path.lastIndexOf('#');
            String file = mark < 0 ? path : path.substring(0, mark);
            if (!file.isEmpty()) {
                return new AgentAddress(UnixDomainSocketAddress.of(file), mark < 0 ? "" : path.substring(mark + 1));
            }
        }
        Matcher parts = HOST_PORT.matcher(text.startsWith(TCP) ? text.substring(TCP.length()) : "");
        if (parts.matches() && Integer.parseInt(parts.group(2)) <= MAX_PORT) {
            String host = parts.group(1).replaceAll("^\\[|]$", "");
            return new AgentAddress(InetSocketAddress.createUnresolved(host, Integer.parseInt(parts.group(2))), parts.group(3) == null ? "" : parts.group(3));
        }
        throw new IllegalArgumentException("not an agent's address: " + text + " (agent://HOST:PORT[/VM] or agent+unix:PATH[#VM])");
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
            throw new ChannelException("no agent answers at " + this + ": " + e.getMessage(), e);
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
        if (socket instanceof InetSocketAddress tcp) {
            String host = tcp.getHostString();
            return TCP + (host.contains(":") ? "[" + host + "]" : host) + ":" + tcp.getPort() + (vm.isEmpty() ? "" : "/" + vm);
        }
        return UNIX + socket + (vm.isEmpty() ? "" : "#" + vm);
    }
}
