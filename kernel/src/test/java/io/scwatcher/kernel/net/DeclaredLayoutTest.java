package io.scwatcher.kernel.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scwatcher.kernel.SyntheticKernel;
import io.scwatcher.kernel.type.CType;
import io.scwatcher.kernel.type.NoSuchFieldInKernel;
import io.scwatcher.kernel.type.StructType;
import org.junit.jupiter.api.Test;

class DeclaredLayoutTest {
    private final SyntheticKernel kernel = new SyntheticKernel();

    @Test
    void padsAsTheCompilerDoes() {
        kernel.declare("net_device", "name", SyntheticKernel.U64);
        StructType veth = DeclaredLayout.of(kernel, "veth_priv");
        assertThat(veth.offsetOf("peer")).isZero();
        assertThat(veth.offsetOf("dropped.counter")).isEqualTo(8);
        assertThat(veth.offsetOf("rq")).isEqualTo(24);
        assertThat(veth.offsetOf("requested_headroom")).isEqualTo(32);
        assertThat(veth.size()).isEqualTo(40);
    }

    @Test
    void takesSizesFromTheGuest() {
        kernel.declare("scatterlist", "page_link", SyntheticKernel.U64, "length", SyntheticKernel.U64);
        kernel.declare("u64_stats_sync");
        kernel.declare("napi_struct", "state", SyntheticKernel.U64);
        StructType frag = kernel.declare("skb_frag", "bv_page", SyntheticKernel.U64);
        kernel.declare("skb_shared_info", "frags", new CType.Array(frag, 17));
        StructType queue = DeclaredLayout.of(kernel, "send_queue");
        assertThat(queue.offsetOf("name")).isEqualTo(8 + 19 * 16);
        assertThat(queue.offsetOf("stats.packets")).isEqualTo(8 + 19 * 16 + 40);
        assertThat(queue.size()).isEqualTo(8 + 19 * 16 + 40 + 5 * 8 + 8);
    }

    @Test
    void prefersWhatTheGuestDescribes() {
        StructType own = kernel.declare("vlan_net", "name_type", SyntheticKernel.U64);
        assertThat(DeclaredLayout.of(kernel, "vlan_net")).isSameAs(own);
    }

    @Test
    void saysWhatIsUnknown() {
        assertThatThrownBy(() -> DeclaredLayout.of(kernel, "bonding")).isInstanceOf(NoSuchFieldInKernel.class)
                .hasMessageContaining("bonding");
    }
}
