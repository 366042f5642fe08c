package io.scwatcher.channel.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scwatcher.attestation.Bytes;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgentAddressTest {
    private static final Bytes KEY = Bytes.sha256(new byte[0]);

    @ParameterizedTest
    @CsvSource({"agent://host:1, ''", "agent://10.0.0.1:7000/web1, web1", "agent://[::1]:65535, ''", "agent://[fe80::1%eth0]:7/x, x",
        "agent://h:7/c2a0cfa0-14e9-490c-952e-ff321d3d8fe0, c2a0cfa0-14e9-490c-952e-ff321d3d8fe0", "agent+unix:/run/a b, ''", "'agent+unix:/run/a#web1', web1",
        "'agent+unix:/run/a#b#web1', web1"})
    void isReadAndWrittenAgain(String text, String vm) {
        AgentAddress address = AgentAddress.parse(text);
        assertThat(AgentAddress.isAgent(text)).isTrue();
        assertThat(address.vm()).isEqualTo(vm);
        assertThat(address.key()).isNull();
        assertThat(address).hasToString(text);
        AgentAddress pinned = address.pinned(KEY);
        assertThat(AgentAddress.parse(pinned.toString())).isEqualTo(pinned);
        assertThat(AgentAddress.parse(pinned.toString()).key()).isEqualTo(KEY);
        assertThat(pinned.place()).isEqualTo(address.place());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "agent", "agent://", "agent://host", "agent://host:", "agent://host:x", "agent://host:65536", "agent://:7", "agent://ho st:7", "agent://::1:7",
        "agent://host:7/", "agent+unix:", "agent+unix:#web1", "http://host:7", "agent://sha256:00@host:7", "agent://host:7/a b"})
    void allElseIsRefused(String text) {
        assertThatThrownBy(() -> AgentAddress.parse(text)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(text);
    }
}
