package io.scwatcher.kernel.symbol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VmcoreInfoTest {
    private static VmcoreInfo parse(String text) {
        byte[] bytes = text.getBytes();
        return VmcoreInfo.parse(bytes, 0, bytes.length);
    }

    @Test
    void readsAllKindsOfLines() {
        VmcoreInfo info = parse("OSRELEASE=6.1.0-56-cloud-amd64\nSYMBOL(_stext)=ffffffffa8800000\n"
                + "NUMBER(phys_base)=-505413632\nSIZE(page)=64\nKERNELOFFSET=27800000\nCONFIG_X=y\n");
        assertThat(info.release()).isEqualTo("6.1.0-56-cloud-amd64");
        assertThat(info.symbol("_stext")).hasValue(0xffff_ffff_a880_0000L);
        assertThat(info.number("phys_base")).hasValue(-505413632);
        assertThat(info.size("page")).hasValue(64);
        assertThat(info.hexadecimal("KERNELOFFSET")).hasValue(0x2780_0000);
        assertThat(info.symbol("nothing")).isEmpty();
    }

    @Test
    void endsAtTheFirstNulAndSkipsWhatIsBroken() {
        VmcoreInfo info = parse("no equals sign\n=value\nNUMBER(a)=twelve\nNUMBER(b)=\nNUMBER(c)=99999999999999999999999\n"
                + "NUMBER(d)=5\nNUMBER(d)=6\nlast=without newline\0NUMBER(e)=7\n");
        assertThat(info.number("a")).isEmpty();
        assertThat(info.number("b")).isEmpty();
        assertThat(info.number("c")).isEmpty();
        assertThat(info.number("d")).hasValue(5);
        assertThat(info.get("last")).isEqualTo("without newline");
        assertThat(info.number("e")).isEmpty();
    }
}
