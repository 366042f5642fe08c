package io.scwatcher.enclave.netlink;

import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.VfsException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The filter program of a request about IPv4 and IPv6 sockets ({@code struct inet_diag_bc_op}; net/ipv4/inet_diag.c, inet_diag_bc_run). It comes from
 * the program: it only moves forward, so it ends.
 */
final class DiagFilter {
    private static final int NOP = 0;
    private static final int JMP = 1;
    private static final int S_GE = 2;
    private static final int S_LE = 3;
    private static final int D_GE = 4;
    private static final int D_LE = 5;
    private static final int AUTO = 6;
    private static final int S_COND = 7;
    private static final int D_COND = 8;
    private static final int DEV_COND = 9;
    private static final int MARK_COND = 10;
    private static final int S_EQ = 11;
    private static final int D_EQ = 12;
    private static final int CGROUP_COND = 13;
    private static final int OPERATION = 4;
    private static final int SOCK_BINDPORT_LOCK = 8;
    private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff};

    private final ByteBuffer program;

    /** What a filter looks at. Addresses have 4 or 16 bytes, ports are in host order. */
    record Entry(int family, byte[] source, byte[] destination, int sourcePort, int destinationPort, int device, long mark, long cgroup, int userLocks) {}

    /** @param program null accepts everything */
    DiagFilter(byte[] program) {
        this.program = program == null ? null : ByteBuffer.wrap(program).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** @throws VfsException EINVAL for a program that is not well formed */
    boolean accepts(Entry entry) {
        if (program == null) {
            return true;
        }
        int at = 0;
        while (at < program.limit()) {
            if (at + OPERATION > program.limit()) {
                throw new VfsException(Errno.EINVAL);
            }
            int yes = program.get(at + 1) & 0xff;
            int no = program.getShort(at + 2) & 0xffff;
            int step = matches(at, program.get(at) & 0xff, entry) ? yes : no;
            if (step < OPERATION || (step & 3) != 0) {
                throw new VfsException(Errno.EINVAL);
            }
            at += step;
        }
        return at == program.limit();
    }

    private boolean matches(int at, int code, Entry entry) {
        return switch (code) {
            case NOP -> true;
            case JMP -> false;
            case S_EQ -> entry.sourcePort() == argument(at);
            case S_GE -> entry.sourcePort() >= argument(at);
            case S_LE -> entry.sourcePort() <= argument(at);
            case D_EQ -> entry.destinationPort() == argument(at);
            case D_GE -> entry.destinationPort() >= argument(at);
            case D_LE -> entry.destinationPort() <= argument(at);
            case AUTO -> (entry.userLocks() & SOCK_BINDPORT_LOCK) == 0;
            case S_COND -> host(at + OPERATION, entry.family(), entry.source(), entry.sourcePort());
            case D_COND -> host(at + OPERATION, entry.family(), entry.destination(), entry.destinationPort());
            case DEV_COND -> word(at + OPERATION) == entry.device();
            case MARK_COND -> ((int) entry.mark() & word(at + OPERATION + 4)) == word(at + OPERATION);
            case CGROUP_COND -> (word(at + OPERATION) & 0xffff_ffffL | (long) word(at + OPERATION + 4) << 32) == entry.cgroup();
            default -> throw new VfsException(Errno.EINVAL);
        };
    }

    /** The port that follows in the second half of the next operation. */
    private int argument(int at) {
        return word(at + OPERATION) >>> 16;
    }

    private int word(int at) {
        if (at + 4 > program.limit()) {
            throw new VfsException(Errno.EINVAL);
        }
        return program.getInt(at);
    }

    /** {@code struct inet_diag_hostcond}: family, prefix length, port or -1, address. */
    private boolean host(int at, int family, byte[] address, int port) {
        int wantedFamily = word(at) & 0xff;
        int prefix = word(at) >>> 8 & 0xff;
        int wantedPort = word(at + 4);
        if (wantedPort != -1 && wantedPort != port) {
            return false;
        }
        if (wantedFamily == 0 || wantedFamily == family) {
            return prefix == 0 || samePrefix(address, at + 8, prefix);
        }
        boolean mapped = family == 10 && wantedFamily == 2 && Arrays.equals(address, 0, 12, MAPPED, 0, 12);
        return mapped && samePrefix(Arrays.copyOfRange(address, 12, 16), at + 8, prefix);
    }

    private boolean samePrefix(byte[] address, int at, int bits) {
        if (bits > address.length * 8 || at + (bits + 7) / 8 > program.limit()) {
            throw new VfsException(Errno.EINVAL);
        }
        for (int bit = 0; bit < bits; bit += 8) {
            int mask = bits - bit >= 8 ? 0xff : 0xff00 >>> bits - bit & 0xff;
            if (((address[bit / 8] ^ program.get(at + bit / 8)) & mask) != 0) {
                return false;
            }
        }
        return true;
    }
}
