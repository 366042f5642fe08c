package io.scwatcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.vfs.tree.MemoryDirectory;
import io.scwatcher.vfs.tree.MemoryFile;
import io.scwatcher.vfs.tree.MemoryLink;
import java.util.List;
import org.junit.jupiter.api.Test;

class PathPatternTest {
    private final MemoryDirectory root = new MemoryDirectory(1)
            .put("1", process("init"))
            .put("42", process("sh"))
            .put("uptime", new MemoryFile(2, "1.0 2.0\n"))
            .put("self", new MemoryLink(3, ""))
            .put("net", new MemoryLink(4, "self/net"))
            .put("mounts", new MemoryLink(5, "self/mounts"));

    private static MemoryDirectory process(String name) {
        return new MemoryDirectory(10).put("comm", new MemoryFile(11, name)).put("mounts", new MemoryFile(12, ""))
                .put("net", new MemoryDirectory(13).put("tcp", new MemoryFile(14, "")));
    }

    private List<String> matches(String pattern) {
        return new PathPattern(pattern).matches(root).stream().map(PathPattern.Match::path).toList();
    }

    @Test
    void plainPathsWithAndWithoutProc() {
        assertThat(matches("uptime")).containsExactly("uptime");
        assertThat(matches("/proc/42/comm")).containsExactly("42/comm");
        assertThat(matches("/proc/")).containsExactly("");
        assertThat(matches("43/comm")).isEmpty();
        assertThat(matches("uptime/x")).isEmpty();
    }

    @Test
    void patternsMatchWithinAName() {
        assertThat(matches("[0-9]*/comm")).containsExactly("1/comm", "42/comm");
        assertThat(matches("4?/co*")).containsExactly("42/comm");
        assertThat(matches("*/tcp")).isEmpty();
    }

    @Test
    void whatDependsOnTheReaderIsThatOfInit() {
        assertThat(matches("net/tcp")).containsExactly("1/net/tcp");
        assertThat(matches("mounts")).containsExactly("1/mounts");
        assertThat(matches("self/comm")).containsExactly("1/comm");
    }
}
