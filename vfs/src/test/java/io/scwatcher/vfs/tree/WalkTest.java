package io.scwatcher.vfs.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.SymbolicLink;
import io.scwatcher.vfs.VfsException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class WalkTest {
    private final MemoryDirectory init = new MemoryDirectory(3).put("comm", new MemoryFile(4, "init\n"))
            .put("up", new MemoryLink(5, "../version"));
    private final MemoryDirectory root = new MemoryDirectory(1).put("1", init).put("self", new MemoryLink(6, "1"))
            .put("version", new MemoryFile(7, "Linux\n")).put("absolute", new MemoryLink(8, "/self/./comm"))
            .put("loop", new MemoryLink(9, "loop")).put("nowhere", new MemoryLink(10, "2/comm"));

    private String text(String path) {
        return new String(Walk.read(root, path, 1 << 20), StandardCharsets.ISO_8859_1);
    }

    @Test
    void followsLinksDotsAndDoubleSlashes() {
        assertThat(text("/self//comm")).isEqualTo("init\n");
        assertThat(text("1/../version")).isEqualTo("Linux\n");
        assertThat(text("../../self/up")).isEqualTo("Linux\n");
        assertThat(text("absolute")).isEqualTo("init\n");
        assertThat(Walk.resolve(root, "self", false)).isInstanceOf(SymbolicLink.class);
        assertThat(Walk.resolve(root, "self/")).isSameAs(init);
    }

    @Test
    void failsAsPathResolutionDoes() {
        fails("nowhere", Errno.ENOENT);
        fails("none", Errno.ENOENT);
        fails("loop", Errno.ELOOP);
        fails("version/x", Errno.ENOTDIR);
        fails("version/", Errno.ENOTDIR);
        fails("self", Errno.EISDIR);
        assertThatThrownBy(() -> Walk.read(root, "version", 5)).hasMessage("EFBIG");
    }

    private void fails(String path, Errno errno) {
        assertThatThrownBy(() -> Walk.read(root, path, 1 << 20))
                .isInstanceOfSatisfying(VfsException.class, e -> assertThat(e.errno()).isEqualTo(errno));
    }
}
