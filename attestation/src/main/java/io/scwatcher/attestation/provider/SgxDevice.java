package io.scwatcher.attestation.provider;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Reason;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;

/** ioctl(2) on a device, which is opened for each request. The module's only native access. */
final class SgxDevice implements OcclumProvider.Device {
    private static final int O_RDWR = 2;
    private static final int O_CLOEXEC = 0x80000;
    private static final int ENOENT = 2;
    private static final int ENXIO = 6;
    private static final int ENODEV = 19;
    private static final StructLayout ERRORS = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = ERRORS.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle OPEN = function("open",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT), true);
    private static final MethodHandle IOCTL = function("ioctl",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS), true);
    private static final MethodHandle CLOSE = function("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT), false);

    private final Path path;

    /** @throws AttestationException PROVIDER_UNAVAILABLE if there is no such device */
    SgxDevice(Path path) throws AttestationException {
        this.path = path;
        try {
            close(open());
        } catch (IOException e) {
            throw new AttestationException(Reason.PROVIDER_UNAVAILABLE, e.getMessage() + ": this is no enclave of Occlum", e);
        }
    }

    private static MethodHandle function(String name, FunctionDescriptor type, boolean variadic) {
        Linker linker = Linker.nativeLinker();
        Linker.Option errors = Linker.Option.captureCallState("errno");
        MemorySegment address = linker.defaultLookup().findOrThrow(name);
        return variadic ? linker.downcallHandle(address, type, errors, Linker.Option.firstVariadicArg(2))
                : linker.downcallHandle(address, type, errors);
    }

    @Override
    public void control(int request, MemorySegment argument) throws IOException {
        int descriptor = open();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errors = arena.allocate(ERRORS);
            int result = (int) IOCTL.invokeExact(errors, descriptor, Integer.toUnsignedLong(request), argument);
            if (result < 0) {
                throw failure("ioctl 0x%08x".formatted(request), (int) ERRNO.get(errors, 0L));
            }
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        } finally {
            close(descriptor);
        }
    }

    private int open() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errors = arena.allocate(ERRORS);
            int descriptor = (int) OPEN.invokeExact(errors, arena.allocateFrom(path.toString()), O_RDWR | O_CLOEXEC);
            if (descriptor < 0) {
                throw failure("open", (int) ERRNO.get(errors, 0L));
            }
            return descriptor;
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static void close(int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            int ignored = (int) CLOSE.invokeExact(arena.allocate(ERRORS), descriptor);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private IOException failure(String call, int errno) {
        String meaning = errno == ENOENT || errno == ENXIO || errno == ENODEV ? "no such device" : "errno " + errno;
        return new IOException(path + ": " + call + ": " + meaning);
    }
}
