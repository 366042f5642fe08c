package io.scwatcher.kernel.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.kernel.SyntheticKernel;
import org.junit.jupiter.api.Test;

class SymbolNamesTest {
    private final SyntheticKernel kernel = new SyntheticKernel();

    SymbolNamesTest() {
        kernel.symbol("_stext", 0x1000);
        kernel.symbol("first", 0x1010);
        kernel.symbol("second", 0x1100);
        kernel.symbol("_end", 0x2000);
    }

    @Test
    void namesTheFunctionWithOffsetAndSize() {
        SymbolNames names = new SymbolNames(kernel);
        assertThat(names.describe(0x1010)).isEqualTo("first+0x0/0xf0");
        assertThat(names.describe(0x10ff)).isEqualTo("first+0xef/0xf0");
        assertThat(names.describe(0x1234)).isEqualTo("second+0x134/0xf00");
    }

    @Test
    void leavesOtherAddressesBare() {
        assertThat(new SymbolNames(kernel).describe(0x9999)).isEqualTo("0x9999");
        assertThat(new SymbolNames(kernel).describe(0x10)).isEqualTo("0x10");
    }
}
