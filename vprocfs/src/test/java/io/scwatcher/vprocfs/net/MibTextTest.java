package io.scwatcher.vprocfs.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.kernel.net.MibList;
import io.scwatcher.vprocfs.ProcText;
import java.util.List;
import org.junit.jupiter.api.Test;

class MibTextTest {
    @Test
    void padsNamesBeforeTheTab() {
        ProcText out = new ProcText();
        MibText.line(out, "Ip6InReceives", 32, 12);
        assertThat(out.toString()).isEqualTo("Ip6InReceives                   \t12\n");
    }

    @Test
    void printsCountersUnsigned() {
        ProcText out = new ProcText();
        MibText.line(out, "XfrmInError", 24, -1);
        assertThat(out.toString()).isEqualTo("XfrmInError             \t18446744073709551615\n");
    }

    @Test
    void joinsNames() {
        ProcText out = new ProcText().put("Udp:");
        MibText.names(out, List.of(new MibList.Entry("InDatagrams", 1), new MibList.Entry("NoPorts", 2)));
        assertThat(out.toString()).isEqualTo("Udp: InDatagrams NoPorts");
    }
}
