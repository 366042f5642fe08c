package io.scwatcher.enclave.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scwatcher.enclave.netlink.DiagFilter.Entry;
import io.scwatcher.vfs.VfsException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DiagFilterTest {
    private static final byte[] LOOPBACK = {127, 0, 0, 1};
    private static final byte[] MAPPED = HexFormat.of().parseHex("00000000000000000000ffff7f000001");
    private static final Entry IPV4 = new Entry(2, LOOPBACK, new byte[] {10, 0, 0, 7}, 22, 40000, 3, 0, 0, 0);
    private static final Entry IPV6 = new Entry(10, MAPPED, MAPPED, 443, 50000, 0, 0, 0, 0);

    /** An operation that goes on if it holds, and else to behind the end: rejects. */
    private static byte[] one(int code, int... arguments) {
        int length = 4 + 4 * arguments.length;
        ByteBuffer program = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        program.put((byte) code).put((byte) length).putShort((short) (length + 4));
        for (int argument : arguments) {
            program.putInt(argument);
        }
        return program.array();
    }

    @Test
    void portsAreCompared() {
        assertThat(new DiagFilter(one(11, 22 << 16)).accepts(IPV4)).isTrue();
        assertThat(new DiagFilter(one(11, 23 << 16)).accepts(IPV4)).isFalse();
        assertThat(new DiagFilter(one(4, 40000 << 16)).accepts(IPV4)).isTrue();
        assertThat(new DiagFilter(one(5, 39999 << 16)).accepts(IPV4)).isFalse();
        assertThat(new DiagFilter(one(9, 3)).accepts(IPV4)).isTrue();
    }

    @Test
    void hostsAreComparedByPrefix() {
        int address = 127 | 1 << 24;
        assertThat(new DiagFilter(one(7, 2 | 8 << 8, -1, 127 | 9 << 24)).accepts(IPV4)).isTrue();
        assertThat(new DiagFilter(one(7, 2 | 32 << 8, -1, 127 | 9 << 24)).accepts(IPV4)).isFalse();
        assertThat(new DiagFilter(one(7, 2 | 32 << 8, 443, address)).accepts(IPV6)).as("an IPv4 condition on a mapped address").isTrue();
        assertThat(new DiagFilter(one(7, 2 | 32 << 8, 444, address)).accepts(IPV6)).isFalse();
    }

    @Test
    void withoutAProgramEverythingIsAccepted() {
        assertThat(new DiagFilter(null).accepts(IPV4)).isTrue();
    }

    @Test
    void randomProgramsEnd() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] program = new byte[random.nextInt(64)];
            random.nextBytes(program);
            for (int at = 0; at < program.length; at += 4) {
                program[at] = (byte) random.nextInt(16);
            }
            try {
                new DiagFilter(program).accepts(random.nextBoolean() ? IPV4 : IPV6);
            } catch (VfsException refused) {
                assertThat(refused.errno()).as("seed %d", seed).isEqualTo(io.scwatcher.vfs.Errno.EINVAL);
            }
        }
        assertThatThrownBy(() -> new DiagFilter(new byte[] {1, 0, 0, 0}).accepts(IPV4)).as("one that stands still").isInstanceOf(VfsException.class);
    }
}
