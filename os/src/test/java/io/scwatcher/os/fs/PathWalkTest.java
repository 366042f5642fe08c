package io.scwatcher.os.fs;

import static io.scwatcher.os.fs.PathWalk.BENEATH;
import static io.scwatcher.os.fs.PathWalk.DIRECTORY;
import static io.scwatcher.os.fs.PathWalk.EMPTY_PATH;
import static io.scwatcher.os.fs.PathWalk.FOLLOW;
import static io.scwatcher.os.fs.PathWalk.IN_ROOT;
import static io.scwatcher.os.fs.PathWalk.NO_SYMLINKS;
import static io.scwatcher.os.fs.PathWalk.NO_XDEV;
import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.os.task.Credentials;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PathWalkTest {
    private final Tree tree = new Tree();

    @BeforeEach
    void make() {
        tree.mkdir("/a");
        tree.mkdir("/a/b");
        tree.write("/a/b/file", "contents");
        tree.symlink("b", "/a/relative");
        tree.symlink("/a/b", "/a/absolute");
        tree.symlink("loop", "/loop");
        tree.symlink("missing", "/dangling");
    }

    private String path(String from, int flags) {
        return tree.at(from, flags) instanceof Location at ? at.path(tree.context.root()) : (String) tree.at(from, flags);
    }

    @Test
    void walksNamesDotsAndSlashes() {
        assertThat(path("/", 0)).isEqualTo("/");
        assertThat(path("//a///b/./file", 0)).isEqualTo("/a/b/file");
        assertThat(path("/../../a/b/..", 0)).isEqualTo("/a");
        assertThat(path("a/b", 0)).isEqualTo("/a/b");
        assertThat(path("/a/b/", 0)).isEqualTo("/a/b");
        assertThat(path("/a/b/file/", 0)).isEqualTo("ENOTDIR");
        assertThat(path("/a/b/file/.", 0)).isEqualTo("ENOTDIR");
        assertThat(path("/a/b/file/..", 0)).isEqualTo("ENOTDIR");
        assertThat(path("/a/x", 0)).isEqualTo("ENOENT");
        assertThat(path("/a/x/..", 0)).isEqualTo("ENOENT");
        assertThat(path("", 0)).isEqualTo("ENOENT");
        assertThat(path("", EMPTY_PATH)).isEqualTo("/");
        assertThat(path("/a/b/file", DIRECTORY)).isEqualTo("ENOTDIR");
        assertThat(path("/a/" + "n".repeat(256), 0)).isEqualTo("ENAMETOOLONG");
        assertThat(path("/a/" + "n".repeat(255), 0)).isEqualTo("ENOENT");
    }

    @Test
    void followsLinks() {
        assertThat(path("/a/relative/file", 0)).isEqualTo("/a/b/file");
        assertThat(path("/a/relative", 0)).isEqualTo("/a/relative");
        assertThat(path("/a/relative", FOLLOW)).isEqualTo("/a/b");
        assertThat(path("/a/relative/", 0)).isEqualTo("/a/b");
        assertThat(path("/a/relative/../..", 0)).isEqualTo("/");
        assertThat(path("/a/absolute/file", 0)).isEqualTo("/a/b/file");
        assertThat(path("/loop", FOLLOW)).isEqualTo("ELOOP");
        assertThat(path("/loop", 0)).isEqualTo("/loop");
        assertThat(path("/dangling", FOLLOW)).isEqualTo("ENOENT");
    }

    @Test
    void followsFortyLinksAndNoMore() {
        tree.symlink("a", "/l0");
        for (int i = 1; i <= 40; i++) {
            tree.symlink("l" + (i - 1), "/l" + i);
        }
        assertThat(path("/l39", FOLLOW)).isEqualTo("/a");
        assertThat(path("/l40", FOLLOW)).isEqualTo("ELOOP");
    }

    @Test
    void crossesMountsBothWays() {
        tree.mkdir("/mnt");
        tree.write("/mnt/hidden", "");
        tree.context.mounts().mount(tree.at("/mnt"), tree.tmpfs(4096, null), "none", 0);
        assertThat(path("/mnt/hidden", 0)).isEqualTo("ENOENT");
        tree.mkdir("/mnt/in");
        assertThat(path("/mnt/in/../../a", 0)).isEqualTo("/a");
        assertThat(path("/mnt/in", NO_XDEV)).isEqualTo("EXDEV");
        assertThat(path("/mnt/..", 0)).isEqualTo("/");
        tree.context.mounts().mount(tree.at("/mnt"), tree.tmpfs(4096, null), "none", 0);
        assertThat(path("/mnt/in", 0)).isEqualTo("ENOENT");
        assertThat(path("/mnt/..", 0)).isEqualTo("/");
        tree.context.mounts().unmount(tree.at("/mnt"));
        assertThat(path("/mnt/in", 0)).isEqualTo("/mnt/in");
    }

    @Test
    void cannotLeaveTheRoot() {
        tree.context.root(tree.at("/a"));
        tree.context.workingDirectory(tree.at("/b"));
        assertThat(path("../../..", 0)).isEqualTo("/");
        assertThat(path("/b/file", 0)).isEqualTo("/b/file");
        assertThat(path("/absolute", FOLLOW)).isEqualTo("ENOENT");
    }

    @Test
    void knowsTheRestrictionsOfOpenat2() {
        tree.context.workingDirectory(tree.at("/a"));
        assertThat(path("b/file", BENEATH)).isEqualTo("/a/b/file");
        assertThat(path("..", BENEATH)).isEqualTo("EXDEV");
        assertThat(path("b/..", BENEATH)).isEqualTo("/a");
        assertThat(path("/a", BENEATH)).isEqualTo("EXDEV");
        assertThat(path("absolute/file", BENEATH)).isEqualTo("EXDEV");
        assertThat(path("../../b", IN_ROOT)).isEqualTo("/a/b");
        assertThat(path("/b", IN_ROOT)).isEqualTo("/a/b");
        assertThat(path("absolute", FOLLOW | IN_ROOT)).isEqualTo("ENOENT");
        assertThat(path("relative/file", NO_SYMLINKS)).isEqualTo("ELOOP");
    }

    @Test
    void needsSearchPermission() {
        tree.at("/a").inode().changeMode(0700);
        tree.who = Credentials.user(1000, 1000);
        assertThat(path("/a/b", 0)).isEqualTo("EACCES");
        assertThat(path("/a", 0)).isEqualTo("/a");
    }

    @Test
    void tellsWhereDeletedAndMovedThingsAre() {
        Location file = tree.at("/a/b/file");
        tree.rename("/a/b", "/c", 0);
        assertThat(file.path(tree.context.root())).isEqualTo("/c/file");
        tree.unlink("/c/file", false);
        assertThat(file.path(tree.context.root())).isEqualTo("/c/file (deleted)");
        Location outside = tree.at("/a");
        tree.context.root(tree.at("/c"));
        assertThat(outside.path(tree.context.root())).isEqualTo("(unreachable)/a");
    }
}
