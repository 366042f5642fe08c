package io.scwatcher.os.fs;

import static io.scwatcher.os.fs.OpenFlags.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.os.task.Credentials;
import io.scwatcher.vfs.FileType;
import org.junit.jupiter.api.Test;

class OpeningTest {
    private final Tree tree = new Tree();

    private Object open(String path, int flags) {
        return tree.tryOpen(path, flags, 0666) instanceof String error ? error : "opened";
    }

    @Test
    void createsTruncatesAndExcludes() {
        assertThat(open("/f", O_RDONLY)).isEqualTo("ENOENT");
        assertThat(open("/f", O_CREAT | O_EXCL | O_WRONLY)).isEqualTo("opened");
        assertThat(open("/f", O_CREAT | O_EXCL | O_WRONLY)).isEqualTo("EEXIST");
        tree.write("/f", "text");
        assertThat(open("/f", O_RDONLY)).isEqualTo("opened");
        assertThat(tree.read("/f")).isEqualTo("text");
        assertThat(open("/f", O_WRONLY | O_TRUNC)).isEqualTo("opened");
        assertThat(tree.read("/f")).isEmpty();
        assertThat(open("/f/", O_CREAT | O_WRONLY)).isEqualTo("EISDIR");
        assertThat(open("/new/", O_CREAT | O_WRONLY)).isEqualTo("EISDIR");
        assertThat(open("/no/f", O_CREAT | O_WRONLY)).isEqualTo("ENOENT");
        assertThat(open("/f/g", O_CREAT | O_WRONLY)).isEqualTo("ENOTDIR");
    }

    @Test
    void createsThroughDanglingLinks() {
        tree.symlink("target", "/link");
        assertThat(open("/link", O_CREAT | O_EXCL | O_WRONLY)).isEqualTo("EEXIST");
        assertThat(open("/link", O_CREAT | O_WRONLY | O_NOFOLLOW)).isEqualTo("ELOOP");
        assertThat(open("/link", O_CREAT | O_WRONLY)).isEqualTo("opened");
        assertThat(tree.list("/")).contains("target");
        tree.symlink("loop", "/loop");
        assertThat(open("/loop", O_CREAT | O_WRONLY)).isEqualTo("ELOOP");
    }

    @Test
    void knowsDirectoriesAndLinks() {
        tree.mkdir("/d");
        tree.symlink("d", "/link");
        assertThat(open("/d", O_RDONLY)).isEqualTo("opened");
        assertThat(open("/d", O_WRONLY)).isEqualTo("EISDIR");
        assertThat(open("/d", O_CREAT | O_RDONLY)).isEqualTo("EISDIR");
        assertThat(open("/d", O_CREAT | O_DIRECTORY)).isEqualTo("EINVAL");
        assertThat(open("/link", O_NOFOLLOW)).isEqualTo("ELOOP");
        assertThat(open("/link", O_NOFOLLOW | O_DIRECTORY)).isEqualTo("ENOTDIR");
        assertThat(open("/link", O_NOFOLLOW | O_PATH)).isEqualTo("opened");
        assertThat(((FileDescription) tree.tryOpen("/link", O_NOFOLLOW | O_PATH, 0)).status().type()).isEqualTo(FileType.SYMBOLIC_LINK);
        assertThat(open("/", O_CREAT | O_EXCL)).isEqualTo("EEXIST");
    }

    @Test
    void checksPermissions() {
        tree.write("/secret", "x");
        tree.at("/secret").inode().changeMode(0600);
        tree.write("/shared", "x");
        tree.at("/shared").inode().changeMode(0644);
        tree.who = Credentials.user(1000, 1000);
        assertThat(open("/secret", O_RDONLY)).isEqualTo("EACCES");
        assertThat(open("/shared", O_RDONLY)).isEqualTo("opened");
        assertThat(open("/shared", O_RDWR)).isEqualTo("EACCES");
        assertThat(open("/shared", O_RDONLY | O_NOATIME)).isEqualTo("EPERM");
        assertThat(open("/mine", O_CREAT | O_WRONLY)).isEqualTo("EACCES");
    }

    @Test
    void respectsReadOnlyMounts() {
        tree.write("/f", "x");
        tree.at("/").mount().flags(Mount.READ_ONLY);
        assertThat(open("/f", O_RDONLY)).isEqualTo("opened");
        assertThat(open("/f", O_RDWR)).isEqualTo("EROFS");
        assertThat(open("/f", O_RDONLY | O_TRUNC)).isEqualTo("EROFS");
        assertThat(open("/g", O_CREAT | O_WRONLY)).isEqualTo("EROFS");
        assertThat(open("/f", O_CREAT | O_RDONLY)).isEqualTo("opened");
    }

    @Test
    void makesUnnamedFiles() {
        assertThat(open("/", O_TMPFILE | O_RDONLY)).isEqualTo("EINVAL");
        FileDescription file = (FileDescription) tree.tryOpen("/", O_TMPFILE | O_RDWR, 0600);
        assertThat(file.status().links()).isZero();
        assertThat(file.write(new byte[10], 0, 10)).isEqualTo(10);
        assertThat(tree.list("/")).containsExactly(".", "..");
    }

    @Test
    void refusesToWriteARunningProgram() {
        tree.write("/program", "code");
        tree.at("/program").inode().denyWriting();
        assertThat(catchErrno(() -> tree.open("/program", O_WRONLY))).isEqualTo("ETXTBSY");
        tree.at("/program").inode().allowWriting();
        FileDescription writer = tree.open("/program", O_WRONLY);
        assertThat(catchErrno(() -> tree.at("/program").inode().denyWriting())).isEqualTo("ETXTBSY");
        writer.release();
        tree.at("/program").inode().denyWriting();
    }

    private static String catchErrno(Runnable action) {
        try {
            action.run();
            return "done";
        } catch (io.scwatcher.os.syscall.SystemCallException e) {
            return e.getMessage();
        }
    }
}
