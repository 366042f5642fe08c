package io.scwatcher.os.net.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scwatcher.vfs.VfsException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetlinkMessageTest {
    private static final NetlinkRequest DUMP = new NetlinkRequest(18, NetlinkRequest.NLM_F_DUMP, 7, 9, new byte[16]);

    @Test
    void messagesAreLaidOutAsInTheHeader() {
        NetlinkReply reply = new NetlinkReply(DUMP);
        reply.begin(16).u8(1).u8(2).u16(3).attribute(3, "lo").attribute8(16, 6);
        int nest = reply.nest(18);
        reply.attribute(1, "veth");
        reply.end(nest);
        reply.begin(3).cancel();
        List<byte[]> messages = reply.messages();
        assertThat(messages).hasSize(1);
        assertThat(HexFormat.of().formatHex(messages.getFirst())).isEqualTo("34000000" + "1000" + "0200" + "07000000" + "09000000" + "01020300"
                + "07000300" + "6c6f0000" + "05001000" + "06000000" + "10001200" + "09000100" + "7665746800000000");
    }

    @Test
    void attributesAreRead() {
        byte[] payload = HexFormat.of().parseHex("00000000" + "07000300" + "6c6f0000" + "08000f00" + "fe000000");
        NetlinkRequest request = new NetlinkRequest(18, 0, 1, 1, payload);
        assertThat(request.attributes(4)).containsOnlyKeys(3, 15);
        assertThat(request.attributes(4).get(3)).containsExactly('l', 'o', 0);
        assertThat(request.isDump()).isFalse();
        assertThat(request.u32(400)).isZero();
    }

    @Test
    void attributesThatReachBehindTheEndAreRefused() {
        NetlinkRequest request = new NetlinkRequest(18, 0, 1, 1, HexFormat.of().parseHex("ff000300" + "6c6f0000"));
        assertThatThrownBy(() -> request.attributes(0)).isInstanceOf(VfsException.class);
        NetlinkRequest empty = new NetlinkRequest(18, 0, 1, 1, HexFormat.of().parseHex("00000300" + "6c6f0000"));
        assertThatThrownBy(() -> empty.attributes(0)).isInstanceOf(VfsException.class);
    }

    @Test
    void longMessagesGrow() {
        NetlinkReply reply = new NetlinkReply(DUMP);
        reply.begin(16).attribute(1, new byte[5000]);
        assertThat(reply.messages().getFirst()).hasSize(16 + 4 + 5000);
    }
}
