package io.scwatcher.attestation.provider;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.Reason;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Quotes by Occlum's device (Occlum, src/libos/src/fs/dev_fs/dev_sgx). A request's number is its id, the type 's', the size of its
 * argument and the direction, as ioctl(2) composes them.
 */
final class OcclumProvider implements QuoteProvider {
    /** _IOR('s', 7, u32): how long quotes are. */
    static final int GET_DCAP_QUOTE_SIZE = 0x80047307;
    /** _IOWR('s', 8, struct of 24 bytes): pointers to the report data, to the quote's length and to room for the quote. */
    static final int GEN_DCAP_QUOTE = 0xc0187308;

    private static final int MAX_QUOTE = 1 << 16;
    /** The device answers EINVAL for everything, also where its quoting enclave was only busy. */
    private static final int ATTEMPTS = 5;
    private static final long PAUSE_MILLIS = 100;

    /** The device's ioctl(2). */
    interface Device {
        /** @throws IOException with the name of the error */
        void control(int request, MemorySegment argument) throws IOException;
    }

    private final Device device;
    private final long pauseMillis;

    OcclumProvider(Device device) {
        this(device, PAUSE_MILLIS);
    }

    OcclumProvider(Device device, long pauseMillis) {
        this.device = device;
        this.pauseMillis = pauseMillis;
    }

    @Override
    public Kind kind() {
        return Kind.OCCLUM;
    }

    @Override
    public byte[] quote(Bytes reportData) throws AttestationException {
        QuoteProvider.checked(reportData);
        IOException last = null;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                if (attempt > 0) {
                    Thread.sleep(pauseMillis << attempt);
                }
                return request(reportData);
            } catch (IOException e) {
                last = e;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AttestationException(Reason.PROVIDER_FAILED, "interrupted while waiting for Occlum's quoting enclave", e);
            }
        }
        throw new AttestationException(Reason.PROVIDER_FAILED, "Occlum made no quote in " + ATTEMPTS + " attempts (" + last.getMessage()
                + "): is this an enclave on hardware, and is the host's AESM service running?", last);
    }

    private byte[] request(Bytes reportData) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment size = arena.allocate(ValueLayout.JAVA_INT);
            device.control(GET_DCAP_QUOTE_SIZE, size);
            int length = size.get(ValueLayout.JAVA_INT, 0);
            if (length <= 0 || length > MAX_QUOTE) {
                throw new IOException("quotes of " + Integer.toUnsignedString(length) + " bytes");
            }
            MemorySegment quote = arena.allocate(length);
            MemorySegment argument = arena.allocate(24, 8);
            argument.set(ValueLayout.ADDRESS, 0, arena.allocateFrom(ValueLayout.JAVA_BYTE, reportData.toArray()));
            argument.set(ValueLayout.ADDRESS, 8, size);
            argument.set(ValueLayout.ADDRESS, 16, quote);
            device.control(GEN_DCAP_QUOTE, argument);
            int written = size.get(ValueLayout.JAVA_INT, 0);
            if (written <= 0 || written > length) {
                throw new IOException("a quote of " + Integer.toUnsignedString(written) + " bytes in " + length);
            }
            return quote.asSlice(0, written).toArray(ValueLayout.JAVA_BYTE);
        }
    }
}
