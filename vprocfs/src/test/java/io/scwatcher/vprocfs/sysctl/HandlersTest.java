package io.scwatcher.vprocfs.sysctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The handlers in the sysctl tables of Debian's kernels 5.10, 6.1, 6.12 and 7.2 with their usual modules loaded. */
class HandlersTest {
    @Test
    void everyHandlerOfTheKernelsSeenSoFarIsKnown() throws IOException {
        assertThat(seen()).hasSizeGreaterThan(100).allSatisfy(name ->
                assertThat(Handlers.find(name)).as("printer for %s", name).isNotNull());
    }

    @Test
    void anUnknownHandlerHasNoPrinter() {
        assertThat(Handlers.find("proc_do_nothing_known")).isNull();
    }

    private static List<String> seen() throws IOException {
        try (InputStream in = HandlersTest.class.getResourceAsStream("handlers.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
        }
    }
}
