package io.scwatcher.kernel.system;

import static io.scwatcher.kernel.SyntheticKernel.U64;
import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.kernel.SyntheticKernel;
import io.scwatcher.kernel.type.CType;
import io.scwatcher.kernel.type.StructType;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResourcesTest {
    private static final long ROOT = 0x1000;
    private static final long FIRST = 0x1100;
    private static final long INNER = 0x1200;
    private static final long SECOND = 0x1300;

    private final SyntheticKernel kernel = new SyntheticKernel();

    ResourcesTest() {
        StructType[] self = new StructType[1];
        CType pointer = new CType.Pointer(() -> self[0]);
        self[0] = kernel.declare("resource", "start", U64, "child", pointer, "sibling", pointer);
        resource(ROOT, 0, FIRST, 0);
        resource(FIRST, 1, INNER, SECOND);
        resource(INNER, 2, 0, 0);
        resource(SECOND, 3, 0, 0);
    }

    @Test
    void parentsComeBeforeTheirChildren() {
        assertThat(starts()).containsExactly("1 at 0", "2 at 1", "3 at 0");
        assertThat(kernel.anomalies().count()).isZero();
    }

    @Test
    void aCircleEnds() {
        resource(SECOND, 3, FIRST, 0);
        assertThat(starts()).containsExactly("1 at 0", "2 at 1", "3 at 0");
        assertThat(kernel.anomalies().count()).isEqualTo(1);
    }

    private List<String> starts() {
        return new Resources(kernel).below(kernel.at(ROOT, "resource")).stream()
                .map(range -> range.resource().get("start") + " at " + range.depth()).toList();
    }

    private void resource(long address, long start, long child, long sibling) {
        kernel.put(address, start);
        kernel.put(address + 8, child);
        kernel.put(address + 16, sibling);
    }
}
