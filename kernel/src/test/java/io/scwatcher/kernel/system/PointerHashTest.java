package io.scwatcher.kernel.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.kernel.SyntheticKernel;
import org.junit.jupiter.api.Test;

class PointerHashTest {
    private static final long KEY = 0x1000;
    private static final long FILLED = 0x2000;
    private static final long RESTRICTION = 0x3000;

    private final SyntheticKernel kernel = new SyntheticKernel();

    PointerHashTest() {
        kernel.symbol("ptr_key", KEY);
        kernel.symbol("filled_random_ptr_key", FILLED);
        kernel.symbol("kptr_restrict", RESTRICTION);
        kernel.put(KEY, 0x0706050403020100L);
        kernel.put(KEY + 8, 0x0f0e0d0c0b0a0908L);
        kernel.put(FILLED, 1);
        kernel.put(RESTRICTION, 0);
    }

    /** The eighth vector of the reference implementation: the bytes 0 to 7 under the key of the bytes 0 to 15. */
    @Test
    void hashesAsTheReferenceDoes() {
        assertThat(PointerHash.sipHash(0x0706050403020100L, 0x0706050403020100L, 0x0f0e0d0c0b0a0908L))
                .isEqualTo(0x93f5f5799a932462L);
        assertThat(new PointerHash(kernel).plain(0x0706050403020100L)).isEqualTo("000000009a932462");
    }

    @Test
    void showsWhatIsNoAddressAsItIs() {
        assertThat(new PointerHash(kernel).plain(0)).isEqualTo("0000000000000000");
        assertThat(new PointerHash(kernel).plain(-22)).isEqualTo("ffffffffffffffea");
    }

    @Test
    void showsNothingBeforeThereIsAKey() {
        kernel.put(FILLED, 0);
        assertThat(new PointerHash(kernel).plain(0x1234)).isEqualTo("(____ptrval____)");
    }

    @Test
    void followsTheRestriction() {
        kernel.put(RESTRICTION, 1);
        assertThat(new PointerHash(kernel).restricted(0x1234)).isEqualTo("0000000000001234");
        kernel.put(RESTRICTION, 2);
        assertThat(new PointerHash(kernel).restricted(0x1234)).isEqualTo("0000000000000000");
    }
}
