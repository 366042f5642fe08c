package io.scwatcher.host.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** The terminal that this process's standard streams may be: termios(3). */
public final class Terminal implements AutoCloseable {
    /** More than {@code struct termios} takes in any C library of Linux. */
    private static final int TERMIOS = 128;
    private static final int TCSADRAIN = 1;
    private static final long TIOCGWINSZ = 0x5413;
    private static final MethodHandle ISATTY = Libc.plain("isatty", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle TCGETATTR = Libc.plain("tcgetattr", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
    private static final MethodHandle TCSETATTR = Libc.plain("tcsetattr", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
    private static final MethodHandle CFMAKERAW = Libc.plain("cfmakeraw", FunctionDescriptor.ofVoid(ADDRESS));
    private static final MethodHandle IOCTL =
            Libc.plain("ioctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS), Linker.Option.firstVariadicArg(2));

    /** Rows and columns in characters; 0 where the terminal does not know. */
    public record Size(int rows, int columns) {}

    private final int descriptor;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment before = arena.allocate(TERMIOS);
    private boolean open;

    private Terminal(int descriptor) {
        this.descriptor = descriptor;
    }

    /** Whether the descriptor is a terminal. */
    public static boolean is(int descriptor) {
        try {
            return (int) ISATTY.invokeExact(descriptor) == 1;
        } catch (Throwable e) {
            throw Libc.impossible(e);
        }
    }

    /** Passes every key on as it is typed, as {@code cfmakeraw}, until it is closed, or the process ends in an orderly way. */
    public static Terminal raw(int descriptor) {
        Terminal terminal = new Terminal(descriptor);
        MemorySegment raw = terminal.arena.allocate(TERMIOS);
        try {
            int got = (int) TCGETATTR.invokeExact(descriptor, terminal.before);
            if (got == 0) {
                raw.copyFrom(terminal.before);
                CFMAKERAW.invokeExact(raw);
                terminal.open = (int) TCSETATTR.invokeExact(descriptor, TCSADRAIN, raw) == 0;
            }
        } catch (Throwable e) {
            throw Libc.impossible(e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(terminal::close, "restore-terminal"));
        return terminal;
    }

    /** What the terminal says its size is now. */
    public static Size size(int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment size = arena.allocate(JAVA_SHORT, 4);
            int got = (int) IOCTL.invokeExact(descriptor, TIOCGWINSZ, size);
            return got != 0 ? new Size(0, 0)
                    : new Size(size.getAtIndex(JAVA_SHORT, 0) & 0xffff, size.getAtIndex(JAVA_SHORT, 1) & 0xffff);
        } catch (Throwable e) {
            throw Libc.impossible(e);
        }
    }

    /** Puts it back as it was. */
    @Override
    public synchronized void close() {
        if (open) {
            open = false;
            try {
                int _ = (int) TCSETATTR.invokeExact(descriptor, TCSADRAIN, before);
            } catch (Throwable e) {
                throw Libc.impossible(e);
            }
        }
    }
}
