package io.scwatcher.os.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.os.NativeAndLayer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The C programs about sockets: the same natively and in the layer. */
class SocketProgramsTest {
    @ParameterizedTest
    @ValueSource(strings = {"net_unix", "net_netlink", "net_inet"})
    void printsTheSame(String program) {
        assertThat(NativeAndLayer.runInLayer(program)).isEqualTo(NativeAndLayer.runNatively(program));
    }
}
