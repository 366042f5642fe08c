package io.scwatcher.os.signal;

import static io.scwatcher.os.abi.Signal.SIGCHLD;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A siginfo_t. Which members mean something depends on signal and code, as siginfo_layout of kernel/signal.c says.
 *
 * @param code SI_USER 0, SI_KERNEL 0x80, SI_QUEUE -1, SI_TIMER -2, SI_TKILL -6, or a code of the signal
 * @param address of a fault; the value of SI_QUEUE and SI_TIMER
 * @param extra status of CLD codes; timer ID of SI_TIMER; system call number of SIGSYS
 * @param overrun of SI_TIMER
 */
public record SignalInfo(int signal, int errno, int code, int pid, int uid, long address, int extra, int overrun, long userTime, long systemTime) {
    public static final int SIZE = 128;
    public static final int SI_USER = 0, SI_KERNEL = 0x80, SI_QUEUE = -1, SI_TIMER = -2, SI_TKILL = -6;
    public static final int CLD_EXITED = 1, CLD_KILLED = 2, CLD_DUMPED = 3, CLD_TRAPPED = 4, CLD_STOPPED = 5, CLD_CONTINUED = 6;

    /** From the kernel itself, without further information: SEND_SIG_PRIV. */
    public static SignalInfo kernel(int signal) {
        return new SignalInfo(signal, 0, SI_KERNEL, 0, 0, 0, 0, 0, 0, 0);
    }

    /** From kill(2) or tgkill(2). */
    public static SignalInfo user(int signal, int code, int pid, int uid) {
        return new SignalInfo(signal, 0, code, pid, uid, 0, 0, 0, 0, 0);
    }

    /** A fault at an address. */
    public static SignalInfo fault(int signal, int code, long address) {
        return new SignalInfo(signal, 0, code, 0, 0, address, 0, 0, 0, 0);
    }

    /** With a sender's value: sigqueue(3). */
    public static SignalInfo queued(int signal, int code, int pid, int uid, long value) {
        return new SignalInfo(signal, 0, code, pid, uid, value, 0, 0, 0, 0);
    }

    /** Of a child: status is the exit status or the signal; times in clock ticks. */
    public static SignalInfo child(int signal, int code, int pid, int uid, int status, long userTime, long systemTime) {
        return new SignalInfo(signal, 0, code, pid, uid, 0, status, 0, userTime, systemTime);
    }

    /** Of a POSIX timer. */
    public static SignalInfo timer(int signal, int timer, int overrun, long value) {
        return new SignalInfo(signal, 0, SI_TIMER, 0, 0, value, timer, overrun, 0, 0);
    }

    /** As the program sees it: struct siginfo of include/uapi/asm-generic/siginfo.h, {@value #SIZE} bytes. */
    public byte[] encode() {
        ByteBuffer out = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(0, signal).putInt(4, errno).putInt(8, code);
        if (isFault()) {
            out.putLong(16, address);
        } else if (code == SI_TIMER) {
            out.putInt(16, extra).putInt(20, overrun).putLong(24, address);
        } else if (signal == SIGCHLD && code > 0) {
            out.putInt(16, pid).putInt(20, uid).putInt(24, extra).putLong(32, userTime).putLong(40, systemTime);
        } else {
            out.putInt(16, pid).putInt(20, uid).putLong(24, address);
        }
        return out.array();
    }

    /** What a program hands to rt_sigqueueinfo(2): the layout of SI_QUEUE, whatever its code says. */
    public static SignalInfo decode(int signal, byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        return new SignalInfo(signal, in.getInt(4), in.getInt(8), in.getInt(16), in.getInt(20), in.getLong(24), 0, 0, 0, 0);
    }

    /** SIGILL, SIGFPE, SIGSEGV, SIGBUS, SIGTRAP with a positive code of their own. */
    public boolean isFault() {
        return code > 0 && code < SI_KERNEL && switch (signal) {
            case 4, 5, 7, 8, 11 -> true;
            default -> false;
        };
    }
}
