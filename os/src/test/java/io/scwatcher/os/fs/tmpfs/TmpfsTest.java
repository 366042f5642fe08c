package io.scwatcher.os.fs.tmpfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scwatcher.cpu.memory.Backing;
import io.scwatcher.os.fs.DirectoryDescription;
import io.scwatcher.os.fs.FileDescription;
import io.scwatcher.os.fs.Inode;
import io.scwatcher.os.fs.Location;
import io.scwatcher.os.fs.OpenFlags;
import io.scwatcher.os.fs.Tree;
import io.scwatcher.vfs.tree.MemoryDirectory;
import io.scwatcher.vfs.tree.MemoryFile;
import io.scwatcher.vfs.tree.MemoryLink;
import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.FileType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TmpfsTest {
    private static final int RENAME_NOREPLACE = 1, RENAME_EXCHANGE = 2;

    private final Tree tree = new Tree();

    @Test
    void renamesAsLinuxDoes() {
        tree.mkdir("/d");
        tree.mkdir("/e");
        tree.mkdir("/e/sub");
        tree.write("/f", "f");
        tree.write("/g", "g");
        tree.rename("/f", "/g", 0);
        assertThat(tree.read("/g")).isEqualTo("f");
        assertThat(tree.at("/f", 0)).isEqualTo("ENOENT");
        assertThatThrownBy(() -> tree.rename("/d", "/g", 0)).hasMessage("ENOTDIR");
        assertThatThrownBy(() -> tree.rename("/g", "/d", 0)).hasMessage("EISDIR");
        assertThatThrownBy(() -> tree.rename("/d", "/e", 0)).hasMessage("ENOTEMPTY");
        assertThatThrownBy(() -> tree.rename("/e", "/e/sub/x", 0)).hasMessage("EINVAL");
        assertThatThrownBy(() -> tree.rename("/e/sub", "/e", 0)).hasMessage("ENOTEMPTY");
        assertThatThrownBy(() -> tree.rename("/d", "/e", RENAME_NOREPLACE)).hasMessage("EEXIST");
        assertThatThrownBy(() -> tree.rename("/d", "/none", RENAME_EXCHANGE)).hasMessage("ENOENT");
        tree.rename("/g", "/e", RENAME_EXCHANGE);
        assertThat(tree.read("/e")).isEqualTo("f");
        assertThat(tree.list("/g")).containsExactly(".", "..", "sub");
        tree.rename("/d", "/g/sub", 0);
        assertThat(tree.list("/")).containsExactlyInAnyOrder(".", "..", "g", "e");
        tree.rename("/g/sub", "/g/sub", 0);
        assertThat(tree.list("/g")).containsExactly(".", "..", "sub");
    }

    @Test
    void countsLinks() {
        int before = tree.at("/").inode().status().links();
        tree.mkdir("/d");
        tree.mkdir("/d/e");
        assertThat(tree.at("/").inode().status().links()).isEqualTo(before + 1);
        assertThat(tree.at("/d").inode().status().links()).isEqualTo(3);
        tree.rename("/d/e", "/e", 0);
        assertThat(tree.at("/d").inode().status().links()).isEqualTo(2);
        assertThat(tree.at("/").inode().status().links()).isEqualTo(before + 2);
        tree.unlink("/e", true);
        tree.write("/f", "x");
        tree.link("/f", "/g");
        Inode file = tree.at("/f").inode();
        assertThat(file.status().links()).isEqualTo(2);
        tree.unlink("/f", false);
        assertThat(file.status().links()).isEqualTo(1);
        assertThat(tree.read("/g")).isEqualTo("x");
    }

    @Test
    void keepsWhatIsOpenAndFreesItAfterwards() {
        long free = tree.fs.statistics().freeBlocks();
        long inodes = tree.fs.statistics().freeInodes();
        tree.write("/f", "contents");
        FileDescription file = tree.open("/f", OpenFlags.O_RDONLY);
        tree.unlink("/f", false);
        byte[] bytes = new byte[20];
        assertThat(file.read(bytes, 0, 20)).isEqualTo(8);
        assertThat(tree.fs.statistics().freeBlocks()).isEqualTo(free - 1);
        file.release();
        assertThat(tree.fs.statistics().freeBlocks()).isEqualTo(free);
        assertThat(tree.fs.statistics().freeInodes()).isEqualTo(inodes);
    }

    @Test
    void limitsBytesAndInodes() {
        FileDescription file = tree.open("/big", OpenFlags.O_WRONLY | OpenFlags.O_CREAT);
        byte[] megabyte = new byte[1 << 20];
        assertThat(file.write(megabyte, 0, 1000)).isEqualTo(1000);
        assertThat(file.write(megabyte, 0, megabyte.length)).isEqualTo((1 << 20) - 1000);
        assertThat(file.write(megabyte, 0, 1)).isEqualTo(-28);
        assertThatThrownBy(() -> {
            for (int i = 0; i < 1001; i++) {
                tree.mkdir("/d" + i);
            }
        }).hasMessage("ENOSPC");
    }

    @Test
    void givesEntriesOnceWhileTheDirectoryChanges() {
        for (int i = 0; i < 100; i++) {
            tree.write("/f" + i, "");
        }
        DirectoryDescription directory = (DirectoryDescription) tree.open("/", OpenFlags.O_RDONLY);
        List<String> seen = new ArrayList<>();
        while (true) {
            int before = seen.size();
            int[] room = {7};
            directory.read(tree.context.root(), (name, _, _, _) -> room[0]-- > 0 && seen.add(name));
            if (seen.size() == before) {
                break;
            }
            for (String name : seen.subList(before, seen.size())) {
                if (name.startsWith("f")) {
                    tree.unlink("/" + name, false);
                }
            }
        }
        assertThat(seen).hasSize(102).doesNotHaveDuplicates();
        assertThat(tree.list("/")).containsExactly(".", "..");
    }

    @Test
    void comparesWithAnArray() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        FileDescription file = tree.open("/f", OpenFlags.O_RDWR | OpenFlags.O_CREAT);
        byte[] model = new byte[100_000];
        int size = 0;
        for (int step = 0; step < 3000; step++) {
            int position = random.nextInt(60_000);
            int length = random.nextInt(20_000);
            switch (random.nextInt(5)) {
                case 0, 1 -> {
                    byte[] data = new byte[length];
                    random.nextBytes(data);
                    assertThat(file.writeAt(position, data, 0, length)).as("seed %d step %d", seed, step).isEqualTo(length);
                    System.arraycopy(data, 0, model, position, length);
                    size = length == 0 ? size : Math.max(size, position + length);
                }
                case 2 -> {
                    file.truncate(position);
                    Arrays.fill(model, Math.min(position, size), Math.max(position, size), (byte) 0);
                    size = position;
                }
                case 3 -> {
                    file.allocate(3, position, length + 1);
                    Arrays.fill(model, Math.min(position, size), Math.min(position + length + 1, Math.max(size, position)), (byte) 0);
                }
                default -> {
                    byte[] data = new byte[length];
                    int expected = Math.clamp(size - position, 0, length);
                    assertThat(file.readAt(position, data, 0, length)).as("seed %d step %d", seed, step).isEqualTo(expected);
                    assertThat(Arrays.mismatch(data, 0, expected, model, position, position + expected)).as("seed %d step %d", seed, step).isEqualTo(-1);
                }
            }
            assertThat(file.status().size()).isEqualTo(size);
        }
    }

    @Test
    void findsDataAndHoles() {
        FileDescription file = tree.open("/f", OpenFlags.O_RDWR | OpenFlags.O_CREAT);
        file.writeAt(8192, new byte[10], 0, 10);
        file.truncate(1 << 30);
        assertThat(file.seek(0, 3)).isEqualTo(8192);
        assertThat(file.seek(0, 4)).isZero();
        assertThat(file.seek(8192, 4)).isEqualTo(12288);
        assertThat(file.seek(8200, 3)).isEqualTo(8200);
        assertThat(file.seek(12288, 3)).isEqualTo(-6);
        assertThat(file.seek(1 << 30, 4)).isEqualTo(-6);
        assertThat(file.status().blocks()).isEqualTo(8);
    }

    @Test
    void sharesFramesBetweenMappingsAndWrites() {
        tree.write("/f", "before");
        FileDescription file = tree.open("/f", OpenFlags.O_RDWR);
        Backing shared = file.backing(true);
        Backing readOnly = file.backing(false);
        assertThat(shared.frame(0)).isSameAs(readOnly.frame(0)).isSameAs(shared.frame(0));
        assertThat(shared.frame(1)).isNull();
        file.writeAt(0, "BE".getBytes(StandardCharsets.ISO_8859_1), 0, 2);
        assertThat(new String(shared.frame(0).bytes, 0, 6, StandardCharsets.ISO_8859_1)).isEqualTo("BEfore");
        shared.frame(0).bytes[5] = 'E';
        assertThat(tree.read("/f")).isEqualTo("BEforE");
    }

    @Test
    void startsAsACopyOfALowerTree() {
        MemoryFile shared = new MemoryFile(new Attributes(FileType.REGULAR, 0755, 7, 2, 1, 2, 6, 0, 5), () -> "origin".getBytes(StandardCharsets.ISO_8859_1));
        MemoryDirectory lower = new MemoryDirectory(1).put("bin", new MemoryDirectory(2).put("one", shared).put("two", shared))
                .put("link", new MemoryLink(3, "bin/one"));
        Tree over = new Tree(lower);
        Tree other = new Tree(lower);
        assertThat(over.read("/link")).isEqualTo("origin");
        assertThat(over.at("/bin/one").inode()).isSameAs(over.at("/bin/two").inode());
        assertThat(over.at("/bin/one").inode().status().uid()).isEqualTo(1);
        FileDescription file = over.open("/bin/one", OpenFlags.O_RDWR | OpenFlags.O_APPEND);
        file.write("!".getBytes(), 0, 1);
        file.writeAt(0, "?".getBytes(), 0, 1);
        assertThat(over.read("/bin/two")).isEqualTo("origin!?");
        assertThat(other.read("/bin/two")).isEqualTo("origin");
        over.unlink("/bin/one", false);
        over.rename("/bin", "/moved", 0);
        assertThat(over.list("/moved")).containsExactly(".", "..", "two");
        assertThat(other.list("/bin")).containsExactly(".", "..", "one", "two");
    }

    @Test
    void sealsWhatMayBeSealed() {
        FileDescription file = tree.fs.unnamed(0777, 0, 0).openUnnamed("memfd:x", OpenFlags.O_RDWR, true).acquire();
        file.write(new byte[10], 0, 10);
        file.addSeals(TmpfsFile.SEAL_GROW | TmpfsFile.SEAL_SHRINK);
        assertThat(file.write(new byte[1], 0, 1)).isEqualTo(-1);
        assertThatThrownBy(() -> file.truncate(5)).hasMessage("EPERM");
        assertThat(file.writeAt(0, new byte[1], 0, 1)).isEqualTo(1);
        file.addSeals(TmpfsFile.SEAL_WRITE | TmpfsFile.SEAL_SEAL);
        assertThat(file.writeAt(0, new byte[1], 0, 1)).isEqualTo(-1);
        assertThatThrownBy(() -> file.addSeals(1)).hasMessage("EPERM");
        assertThatThrownBy(() -> file.backing(true)).hasMessage("EPERM");
        assertThat(file.linkText(tree.context.root())).isEqualTo("/memfd:x (deleted)");
    }

    @Test
    void keepsAttributes() {
        tree.write("/f", "x");
        Inode inode = tree.at("/f").inode();
        inode.changeTimes(5, Inode.OMIT);
        assertThat(inode.status().atime()).isEqualTo(5);
        inode.changeAttribute("user.a", new byte[] {1}, 0);
        assertThat(inode.attribute("user.a")).containsExactly(1);
        assertThat(inode.attributeNames()).containsExactly("user.a");
        assertThatThrownBy(() -> inode.changeAttribute("user.a", new byte[0], 1)).hasMessage("EEXIST");
        assertThatThrownBy(() -> inode.changeAttribute("user.b", new byte[0], 2)).hasMessage("ENODATA");
        inode.changeAttribute("user.a", null, 0);
        assertThat(inode.attributeNames()).isEmpty();
        inode.changeMode(06755);
        FileDescription writer = tree.open("/f", OpenFlags.O_WRONLY);
        writer.write(new byte[1], 0, 1);
        assertThat(inode.status().mode() & 07777).isEqualTo(0755);
        Location at = tree.at("/f");
        assertThat(at.sameAs(tree.at("/f"))).isTrue();
    }
}
