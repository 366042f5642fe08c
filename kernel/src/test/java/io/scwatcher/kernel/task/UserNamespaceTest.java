package io.scwatcher.kernel.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.kernel.task.UserNamespace.Extent;
import java.util.List;
import org.junit.jupiter.api.Test;

class UserNamespaceTest {
    private static final List<Extent> MAP = List.of(new Extent(0, 100_000, 1000), new Extent(5000, 7, 1));

    @Test
    void mapsIdsBothWays() {
        assertThat(UserNamespace.down(MAP, 0)).isEqualTo(100_000);
        assertThat(UserNamespace.down(MAP, 999)).isEqualTo(100_999);
        assertThat(UserNamespace.up(MAP, 7)).isEqualTo(5000);
        assertThat(UserNamespace.up(MAP, 100_010)).isEqualTo(10);
    }

    @Test
    void hasNoNumberForWhatIsNotMapped() {
        assertThat(UserNamespace.down(MAP, 1000)).isEqualTo(-1);
        assertThat(UserNamespace.up(MAP, 8)).isEqualTo(-1);
    }

    @Test
    void mapsTheWholeRangeOfTheInitialNamespace() {
        List<Extent> everything = List.of(new Extent(0, 0, -1));
        assertThat(UserNamespace.up(everything, (int) 4_000_000_000L)).isEqualTo((int) 4_000_000_000L);
    }
}
