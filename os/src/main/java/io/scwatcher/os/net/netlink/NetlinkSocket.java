package io.scwatcher.os.net.netlink;

import static io.scwatcher.os.net.SocketAbi.*;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.fs.PollEvents;
import io.scwatcher.os.net.Incoming;
import io.scwatcher.os.net.Message;
import io.scwatcher.os.net.Outgoing;
import io.scwatcher.os.net.Socket;
import io.scwatcher.os.task.Task;
import io.scwatcher.vfs.VfsException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Set;
import java.util.TreeSet;

/** A socket of AF_NETLINK (net/netlink/af_netlink.c, 6.12): sends requests to the system's kernel and gets answers. Groups can be joined and are silent. */
public final class NetlinkSocket extends Socket {
    public static final int NETLINK_KOBJECT_UEVENT = 15;
    /** A protocol that sends to groups only. */
    public static final NetlinkFamily SILENT = (_, _) -> {
        throw new VfsException(io.scwatcher.vfs.Errno.ECONNREFUSED);
    };

    private static final int ADDRESS = 12;
    private static final byte[] KERNEL = address(0, 0);
    private static final int NLMSG_ERROR = 2, NLMSG_DONE = 3, NLMSG_MIN_TYPE = 0x10;
    private static final int NLM_F_REQUEST = 1, NLM_F_CAPPED = 0x100;
    private static final int ADD_MEMBERSHIP = 1, DROP_MEMBERSHIP = 2, PKTINFO = 3, BROADCAST_ERROR = 4, NO_ENOBUFS = 5, LISTEN_ALL_NSID = 8, LIST_MEMBERSHIPS = 9, CAP_ACK = 10,
            EXT_ACK = 11, GET_STRICT_CHK = 12;
    private static final int MAX_GROUP = 1 << 12;
    /** How large the datagrams of a dump are: as the program's buffer, within these ({@code netlink_dump}). */
    /** NLMSG_GOODSIZE: a page without what the kernel keeps behind a datagram. The C library takes no larger ones. */
    private static final int MIN_DUMP = 3776, MAX_DUMP = 32 << 10;

    private final NetlinkFamily answers;
    private final Set<Integer> groups = new TreeSet<>();
    /** Messages of a dump that are not yet in a datagram; null if none is under way. */
    private ArrayDeque<byte[]> dump;
    private int dumpSize = MIN_DUMP;
    private boolean bound;
    private int port;
    private int peerPort;
    private int peerGroups;
    private boolean connected;

    public NetlinkSocket(Kind kind, NetlinkFamily answers) {
        super(kind);
        this.answers = answers;
        for (int name : new int[] {PKTINFO, BROADCAST_ERROR, NO_ENOBUFS, LISTEN_ALL_NSID, CAP_ACK, EXT_ACK, GET_STRICT_CHK}) {
            options().declare(SOL_NETLINK, name, 0);
        }
    }

    private static byte[] address(int port, int groups) {
        return ByteBuffer.allocate(ADDRESS).order(ByteOrder.LITTLE_ENDIAN).putShort((short) AF_NETLINK).putShort((short) 0).putInt(port).putInt(groups).array();
    }

    /** struct sockaddr_nl: family, padding, port ID, groups. */
    private static ByteBuffer parse(byte[] address) {
        ByteBuffer in = ByteBuffer.wrap(address).order(ByteOrder.LITTLE_ENDIAN);
        return address.length < ADDRESS || in.getShort(0) != AF_NETLINK ? null : in;
    }

    @Override
    public int bind(Task task, byte[] address) {
        ByteBuffer in = parse(address);
        if (in == null) {
            return -Errno.EINVAL;
        }
        int wanted = in.getInt(4);
        synchronized (network()) {
            if (bound && wanted != port) {
                return -Errno.EINVAL;
            }
            if (!bound && wanted != 0) {
                if (!network().netlinkPorts().take(protocol(), wanted, this)) {
                    return -Errno.EADDRINUSE;
                }
                port = wanted;
                bound = true;
            }
            autobind(task.group().id());
            groups.removeIf(group -> group <= 32);
            for (int bit = 0; bit < 32; bit++) {
                if ((in.getInt(8) >>> bit & 1) != 0) {
                    groups.add(bit + 1);
                }
            }
        }
        return 0;
    }

    private void autobind(int process) {
        if (!bound) {
            port = network().netlinkPorts().takeAny(protocol(), process, this);
            bound = true;
        }
    }

    @Override
    public int connect(Task task, byte[] address) {
        if (address.length < 2) {
            return -Errno.EINVAL;
        }
        synchronized (network()) {
            if (address[0] == AF_UNSPEC && address[1] == 0) {
                connected = false;
                peerPort = 0;
                peerGroups = 0;
                return 0;
            }
            ByteBuffer in = parse(address);
            if (in == null) {
                return -Errno.EINVAL;
            }
            autobind(task.group().id());
            connected = true;
            peerPort = in.getInt(4);
            peerGroups = in.getInt(8);
        }
        return 0;
    }

    @Override
    public byte[] name() {
        synchronized (network()) {
            int first = 0;
            for (int group : groups) {
                first |= group <= 32 ? 1 << group - 1 : 0;
            }
            return address(port, first);
        }
    }

    /** Defined also for a socket that isn't connected: the kernel. */
    @Override
    public byte[] peerName() {
        synchronized (network()) {
            return address(peerPort, peerGroups == 0 ? 0 : 1 << Integer.numberOfTrailingZeros(peerGroups));
        }
    }

    @Override
    public int send(Outgoing out, int flags) {
        if ((flags & MSG_OOB) != 0) {
            return -Errno.EOPNOTSUPP;
        }
        int toPort;
        int toGroups;
        if (out.to() != null) {
            ByteBuffer in = parse(out.to());
            if (in == null) {
                return -Errno.EINVAL;
            }
            toPort = in.getInt(4);
            toGroups = in.getInt(8);
        } else {
            toPort = peerPort;
            toGroups = peerGroups;
        }
        synchronized (network()) {
            autobind(out.ancillary() == null ? creator.pid() : out.ancillary().sender().pid());
            if (out.length() > sendBuffer() - 32) {
                return -Errno.EMSGSIZE;
            }
        }
        if (toGroups != 0) {
            return -Errno.EPERM;
        }
        if (toPort != 0 || answers == SILENT) {
            return -Errno.ECONNREFUSED;
        }
        requests(ByteBuffer.wrap(out.data(), out.offset(), out.length()).slice().order(ByteOrder.LITTLE_ENDIAN));
        return out.length();
    }

    /** {@code netlink_rcv_skb}: one datagram may hold several requests. */
    private void requests(ByteBuffer in) {
        int at = 0;
        while (in.limit() - at >= NetlinkReply.HEADER) {
            int length = in.getInt(at);
            if (length < NetlinkReply.HEADER || length > in.limit() - at) {
                return;
            }
            byte[] message = new byte[length];
            in.get(at, message);
            request(message, in.getShort(at + 4) & 0xffff, in.getShort(at + 6) & 0xffff, in.getInt(at + 8));
            if (length > in.limit() - at - 3) {
                return;
            }
            at += length + 3 & ~3;
        }
    }

    private void request(byte[] message, int type, int flags, int sequence) {
        int error = 0;
        if ((flags & NLM_F_REQUEST) != 0 && type >= NLMSG_MIN_TYPE) {
            byte[] payload = java.util.Arrays.copyOfRange(message, NetlinkReply.HEADER, message.length);
            NetlinkRequest request = new NetlinkRequest(type, flags, sequence, port, payload);
            error = request.isDump() ? startDump(request) : single(request);
            if (error == 0 && request.isDump()) {
                return;
            }
        }
        if (error != 0 || (flags & NetlinkRequest.NLM_F_ACK) != 0) {
            acknowledge(message, sequence, error);
        }
    }

    private int single(NetlinkRequest request) {
        NetlinkReply reply = new NetlinkReply(request);
        try {
            answers.answer(request, reply);
        } catch (VfsException e) {
            return -e.errno().number();
        }
        reply.messages().forEach(this::deliver);
        return 0;
    }

    private int startDump(NetlinkRequest request) {
        synchronized (network()) {
            if (dump != null) {
                return -Errno.EBUSY;
            }
            dump = new ArrayDeque<>();
        }
        int result = 0;
        NetlinkReply reply = new NetlinkReply(request);
        try {
            answers.answer(request, reply);
        } catch (VfsException e) {
            result = -e.errno().number();
        } catch (RuntimeException e) {
            synchronized (network()) {
                dump = null;
            }
            throw e;
        }
        synchronized (network()) {
            if (result != 0 && reply.messages().isEmpty()) {
                dump = null;
                return result;
            }
            dump.addAll(reply.messages());
            dump.add(header(NetlinkReply.HEADER + 4, NLMSG_DONE, NetlinkReply.NLM_F_MULTI, request.sequence()).putInt(result).array());
            nextOfDump();
        }
        return 0;
    }

    private ByteBuffer header(int length, int type, int flags, int sequence) {
        ByteBuffer out = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        return out.putInt(length).putShort((short) type).putShort((short) flags).putInt(sequence).putInt(port);
    }

    /** NLMSG_ERROR: the error, the request's header, and after an error the rest of the request unless NETLINK_CAP_ACK is set. */
    private void acknowledge(byte[] request, int sequence, int error) {
        boolean capped;
        synchronized (network()) {
            capped = error == 0 || options().get(SOL_NETLINK, CAP_ACK) != 0;
        }
        int echoed = capped ? NetlinkReply.HEADER : request.length;
        ByteBuffer out = header(NetlinkReply.HEADER + 4 + echoed, NLMSG_ERROR, capped ? NLM_F_CAPPED : 0, sequence);
        deliver(out.putInt(error).put(request, 0, echoed).array());
    }

    private void deliver(byte[] datagram) {
        synchronized (network()) {
            if (received.bytes() > receiveBuffer()) {
                error = Errno.ENOBUFS;
            } else {
                received.add(new Message(datagram, 0, datagram.length, () -> KERNEL, null));
            }
            changed();
        }
    }

    /** As many messages of the dump as go into one datagram, each aligned to four bytes. */
    private void nextOfDump() {
        ByteBuffer out = ByteBuffer.allocate(Math.max(dumpSize, aligned(dump.getFirst())));
        while (!dump.isEmpty() && out.remaining() >= aligned(dump.getFirst())) {
            byte[] message = dump.removeFirst();
            out.put(message).position(out.position() + 3 & ~3);
        }
        received.add(new Message(out.array(), 0, out.position(), () -> KERNEL, null));
        if (dump.isEmpty()) {
            dump = null;
        }
        changed();
    }

    private static int aligned(byte[] message) {
        return message.length + 3 & ~3;
    }

    @Override
    public int receive(Incoming in, int flags) {
        if ((flags & MSG_OOB) != 0) {
            return -Errno.EOPNOTSUPP;
        }
        synchronized (network()) {
            if (received.isEmpty() && error != 0) {
                return -takeError();
            }
            int count = received.readMessage(in, flags);
            if (count >= 0 && (flags & MSG_PEEK) == 0) {
                dumpSize = Math.clamp(in.room, dumpSize, MAX_DUMP);
                if (dump != null) {
                    nextOfDump();
                }
            }
            return count;
        }
    }

    @Override
    public int poll() {
        synchronized (network()) {
            return PollEvents.WRITABLE | PollEvents.POLLWRBAND | (received.isEmpty() ? 0 : PollEvents.READABLE) | (error != 0 ? PollEvents.POLLERR : 0);
        }
    }

    @Override
    public int setOption(Task task, int level, int name, byte[] value) {
        if (level == SOL_NETLINK && (name == ADD_MEMBERSHIP || name == DROP_MEMBERSHIP)) {
            int group = value.length < 4 ? 0 : ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getInt();
            if (group <= 0 || group > MAX_GROUP) {
                return -Errno.EINVAL;
            }
            synchronized (network()) {
                boolean _ = name == ADD_MEMBERSHIP ? groups.add(group) : groups.remove(group);
            }
            return 0;
        }
        return super.setOption(task, level, name, value);
    }

    @Override
    public byte[] option(int level, int name, byte[] given) {
        if (level == SOL_NETLINK && name == LIST_MEMBERSHIPS) {
            synchronized (network()) {
                int words = groups.stream().mapToInt(group -> (group + 31) / 32).max().orElse(0);
                ByteBuffer out = ByteBuffer.allocate(words * 4).order(ByteOrder.LITTLE_ENDIAN);
                groups.forEach(group -> out.putInt((group - 1) / 32 * 4, out.getInt((group - 1) / 32 * 4) | 1 << (group - 1) % 32));
                return out.array();
            }
        }
        return super.option(level, name, given);
    }

    @Override
    protected void closed() {
        synchronized (network()) {
            if (bound) {
                network().netlinkPorts().free(protocol(), port);
            }
            received.clear();
            dump = null;
        }
    }
}
