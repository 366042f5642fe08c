package io.scwatcher.os.net;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.task.Task;
import io.scwatcher.os.view.NetworkView;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** The ioctl requests about network interfaces, {@code struct ifreq}: netdevice(7) (net/core/dev_ioctl.c, net/ipv4/devinet.c). Only questions: nobody may change the system. */
final class InterfaceRequests {
    private static final int SIOCATMARK = 0x8905, SIOCGSTAMP = 0x8906, SIOCGIFNAME = 0x8910, SIOCGIFCONF = 0x8912, SIOCGIFFLAGS = 0x8913, SIOCGIFADDR = 0x8915, SIOCGIFDSTADDR = 0x8917,
            SIOCGIFBRDADDR = 0x8919, SIOCGIFNETMASK = 0x891b, SIOCGIFMETRIC = 0x891d, SIOCGIFMEM = 0x891f, SIOCGIFMTU = 0x8921, SIOCGIFHWADDR = 0x8927, SIOCGIFSLAVE = 0x8929,
            SIOCGIFINDEX = 0x8933, SIOCGIFPFLAGS = 0x8935, SIOCGIFCOUNT = 0x8938, SIOCGIFTXQLEN = 0x8942, SIOCETHTOOL = 0x8946, SIOCGMIIPHY = 0x8947, SIOCGMIIREG = 0x8948,
            SIOCGARP = 0x8954, SIOCGIFMAP = 0x8970;
    private static final int SIOCADDRT = 0x890b, FIRST_CHANGE = 0x8911, LAST_REQUEST = 0x89ff, WIRELESS = 0x8b00, LAST_WIRELESS = 0x8bff;
    private static final int REQUEST = 40, NAME = 16;
    private static final int AF_INET = 2;

    private InterfaceRequests() {}

    static long ioctl(Task task, Socket socket, int request, long argument) {
        List<NetworkView.Interface> all = socket.network().view().interfaces();
        switch (request) {
            case SIOCGIFCONF -> {
                return list(task, all, argument);
            }
            case SIOCGIFCOUNT, SIOCATMARK, SIOCGSTAMP -> {
                return request == SIOCGSTAMP ? -Errno.ENOENT : -Errno.EINVAL;
            }
            case SIOCGARP -> {
                return -Errno.ENXIO;
            }
            default -> { }
        }
        boolean wireless = request >= WIRELESS && request <= LAST_WIRELESS;
        if (!wireless && (request < SIOCADDRT || request > LAST_REQUEST)) {
            return -Errno.ENOTTY;
        }
        byte[] raw = task.memory().copyIn(argument, REQUEST);
        ByteBuffer value = ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN);
        if (request == SIOCGIFNAME) {
            return name(task, all, value, argument);
        }
        String given = name(raw);
        NetworkView.Interface device = find(all, given);
        if (device == null) {
            return request < FIRST_CHANGE ? -Errno.EPERM : -Errno.ENODEV;
        }
        int error = wireless ? -Errno.EOPNOTSUPP : answer(socket, request, device, given, value);
        if (error == 0) {
            task.memory().copyOut(argument, raw);
        }
        return error;
    }

    private static int answer(Socket socket, int request, NetworkView.Interface device, String given, ByteBuffer value) {
        switch (request) {
            case SIOCGIFFLAGS -> value.putShort(NAME, (short) device.flags());
            case SIOCGIFMETRIC -> value.putInt(NAME, 0);
            case SIOCGIFMTU -> value.putInt(NAME, device.mtu());
            case SIOCGIFINDEX -> value.putInt(NAME, device.index());
            case SIOCGIFTXQLEN -> value.putInt(NAME, device.transmitQueueLength());
            case SIOCGIFMAP -> map(value, device.map());
            case SIOCGIFHWADDR -> {
                Arrays.fill(value.array(), NAME, NAME + 16, (byte) 0);
                value.putShort(NAME, (short) device.hardwareType());
                value.put(NAME + 2, device.hardwareAddress(), 0, Math.min(14, device.hardwareAddress().length));
            }
            case SIOCGIFADDR, SIOCGIFDSTADDR, SIOCGIFBRDADDR, SIOCGIFNETMASK -> {
                if (socket.family() != AF_INET && socket.family() != SocketAbi.AF_PACKET) {
                    return -Errno.ENOTTY;
                }
                return address(request, device, given, value);
            }
            case SIOCGIFMEM, SIOCGIFPFLAGS -> {
                return -Errno.ENOTTY;
            }
            case SIOCETHTOOL, SIOCGMIIPHY, SIOCGMIIREG, SIOCGIFSLAVE -> {
                return -Errno.EOPNOTSUPP;
            }
            default -> {
                return request >= 0x89f0 ? -Errno.EOPNOTSUPP : -Errno.EPERM;
            }
        }
        return 0;
    }

    private static int address(int request, NetworkView.Interface device, String given, ByteBuffer value) {
        NetworkView.Address address = null;
        for (NetworkView.Address each : device.addresses()) {
            if (each.label().equals(given)) {
                address = each;
                break;
            }
        }
        if (address == null) {
            return -Errno.EADDRNOTAVAIL;
        }
        putAddress(value, NAME, switch (request) {
            case SIOCGIFADDR -> address.local();
            case SIOCGIFDSTADDR -> address.peer();
            case SIOCGIFBRDADDR -> address.broadcast();
            default -> address.mask();
        });
        return 0;
    }

    /** struct ifmap: two longs, a short, three bytes. */
    private static void map(ByteBuffer value, long[] map) {
        value.putLong(NAME, map[0]).putLong(NAME + 8, map[1]).putShort(NAME + 16, (short) map[2]).put(NAME + 18, (byte) map[3]).put(NAME + 19, (byte) map[4]).put(NAME + 20, (byte) map[5]);
    }

    /** struct sockaddr_in without a port. */
    private static void putAddress(ByteBuffer out, int at, byte[] address) {
        Arrays.fill(out.array(), at, at + 16, (byte) 0);
        out.putShort(at, (short) AF_INET).put(at + 4, address, 0, 4);
    }

    private static String name(byte[] raw) {
        int end = 0;
        while (end < NAME - 1 && raw[end] != 0) {
            end++;
        }
        return new String(raw, 0, end, StandardCharsets.ISO_8859_1);
    }

    /** By name; what follows a colon names an alias. */
    private static NetworkView.Interface find(List<NetworkView.Interface> all, String given) {
        int colon = given.indexOf(':');
        String wanted = colon < 0 ? given : given.substring(0, colon);
        return all.stream().filter(device -> device.name().equals(wanted)).findFirst().orElse(null);
    }

    private static long name(Task task, List<NetworkView.Interface> all, ByteBuffer value, long argument) {
        int index = value.getInt(NAME);
        for (NetworkView.Interface device : all) {
            if (device.index() == index) {
                byte[] name = Arrays.copyOf(device.name().getBytes(StandardCharsets.ISO_8859_1), NAME);
                name[NAME - 1] = 0;
                value.put(0, name);
                task.memory().copyOut(argument, value.array());
                return 0;
            }
        }
        return -Errno.ENODEV;
    }

    /** SIOCGIFCONF: an entry for each IPv4 address; only the length where the program gives no buffer. */
    private static long list(Task task, List<NetworkView.Interface> all, long argument) {
        int room = task.memory().get32(argument);
        long buffer = task.memory().get64(argument + 8);
        ByteBuffer out = ByteBuffer.allocate(all.stream().mapToInt(device -> device.addresses().size()).sum() * REQUEST).order(ByteOrder.LITTLE_ENDIAN);
        for (NetworkView.Interface device : all) {
            for (NetworkView.Address address : device.addresses()) {
                byte[] label = address.label().getBytes(StandardCharsets.ISO_8859_1);
                int at = out.position();
                out.put(at, label, 0, Math.min(label.length, NAME - 1));
                putAddress(out, at + NAME, address.local());
                out.position(at + REQUEST);
            }
        }
        int length = buffer == 0 ? out.position() : Math.clamp(room, 0, out.position()) / REQUEST * REQUEST;
        if (buffer != 0) {
            task.memory().copyOut(buffer, out.array(), 0, length);
        }
        task.memory().put32(argument, length);
        return 0;
    }
}
