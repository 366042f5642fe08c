package io.scwatcher.kernel.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.kernel.SyntheticKernel;
import io.scwatcher.kernel.system.KernelLog.Entry;
import io.scwatcher.kernel.type.CType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A ring of four descriptors and 64 bytes of text. */
class KernelLogTest {
    private static final long POINTER = 0x1000;
    private static final long RING = 0x2000;
    private static final long DESCRIPTORS = 0x3000;
    private static final long INFORMATION = 0x4000;
    private static final long TEXT = 0x5000;
    private static final long FINALIZED = 2L << 62;
    private static final long COMMITTED = 1L << 62;

    private final SyntheticKernel kernel = new SyntheticKernel();

    @BeforeEach
    void build() {
        CType word = SyntheticKernel.U64;
        CType counter = kernel.declare("atomic_long_t", "counter", word);
        CType place = kernel.declare("prb_data_blk_lpos", "begin", word, "next", word);
        kernel.declare("prb_desc", "state_var", counter, "text_blk_lpos", place);
        CType device = kernel.declare("dev_printk_info", "subsystem", new CType.Array(SyntheticKernel.U8, 16), "device", new CType.Array(SyntheticKernel.U8, 48));
        kernel.declare("printk_info", "seq", word, "ts_nsec", word, "text_len", word, "facility", word, "flags", word, "level", word, "dev_info", device);
        CType descriptors = kernel.declare("prb_desc_ring", "count_bits", word, "descs", new CType.Pointer(() -> kernel.types().struct("prb_desc")), "infos",
                new CType.Pointer(() -> kernel.types().struct("printk_info")), "head_id", counter, "tail_id", counter);
        CType text = kernel.declare("prb_data_ring", "size_bits", word, "data", SyntheticKernel.POINTER);
        kernel.declare("printk_ringbuffer", "desc_ring", descriptors, "text_data_ring", text);
        kernel.symbol("prb", POINTER);
        kernel.put(POINTER, RING);
        kernel.put(RING, 2);
        kernel.put(RING + 8, DESCRIPTORS);
        kernel.put(RING + 16, INFORMATION);
        kernel.put(RING + 40, 6);
        kernel.put(RING + 48, TEXT);
        for (int i = 0; i < 4; i++) {
            kernel.put(DESCRIPTORS + 24 * i, 0);
        }
    }

    @Test
    void completeRecordsComeInOrder() {
        ids(5, 6);
        record(5, FINALIZED, 0, 16, "five");
        record(6, FINALIZED, 16, 32, "six");
        assertThat(new KernelLog(kernel).entries()).extracting(Entry::text).containsExactly("five", "six");
    }

    @Test
    void whatIsNotFinishedOrOverwrittenIsLeftOut() {
        ids(4, 7);
        record(4, COMMITTED, 0, 16, "four");
        record(5 + 4, FINALIZED, 16, 32, "five");
        record(6, FINALIZED, 1, 1, "");
        record(7, FINALIZED, 32, 48, "seven");
        assertThat(new KernelLog(kernel).entries()).extracting(Entry::text).containsExactly("seven");
    }

    @Test
    void textThatWrapsLiesAtTheStart() {
        ids(5, 5);
        record(5, FINALIZED, 56, 64 + 24, "");
        kernel.putText(TEXT + 8, "wrapped");
        kernel.put(INFORMATION + 16 + 1 * informationSize(), 7);
        assertThat(new KernelLog(kernel).entries()).extracting(Entry::text).containsExactly("wrapped");
    }

    @Test
    void impossiblePlacesAreLost() {
        ids(5, 6);
        record(5, FINALIZED, 0, 1L << 40, "");
        record(6, FINALIZED, 8, 8, "");
        assertThat(new KernelLog(kernel).entries()).isEmpty();
    }

    private void ids(long first, long last) {
        kernel.put(RING + 24, last);
        kernel.put(RING + 32, first);
    }

    private void record(long id, long state, long begin, long next, String text) {
        int slot = (int) (id & 3);
        kernel.put(DESCRIPTORS + 24 * slot, id | state);
        kernel.put(DESCRIPTORS + 24 * slot + 8, begin);
        kernel.put(DESCRIPTORS + 24 * slot + 16, next);
        long about = INFORMATION + (long) slot * informationSize();
        kernel.put(about, id);
        kernel.put(about + 8, 1000 * id);
        kernel.put(about + 16, text.length());
        for (int i = 24; i < 112; i += 8) {
            kernel.put(about + i, 0);
        }
        if (!text.isEmpty()) {
            kernel.putText(TEXT + (begin & 63) + 8, text);
        }
    }

    private int informationSize() {
        return kernel.types().struct("printk_info").size();
    }
}
