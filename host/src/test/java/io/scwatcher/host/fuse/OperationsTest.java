package io.scwatcher.host.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scwatcher.host.fuse.Kernel.Answer;
import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.Directory;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.FileType;
import io.scwatcher.vfs.Node;
import io.scwatcher.vfs.SymbolicLink;
import io.scwatcher.vfs.VfsException;
import io.scwatcher.vfs.tree.MemoryDirectory;
import io.scwatcher.vfs.tree.MemoryFile;
import io.scwatcher.vfs.tree.MemoryLink;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The protocol without a mount: requests as the kernel writes them, against a tree in memory. */
class OperationsTest {
    private final MemoryDirectory root = new MemoryDirectory(100);
    private final List<Throwable> unexpected = new ArrayList<>();
    private final Operations operations = new Operations(Tree.unchanging(root), unexpected::add);
    private final Kernel kernel = new Kernel(operations);

    @Test
    void agreesOnTheOlderVersion() {
        byte[] init = new byte[64];
        ByteBuffer.wrap(init).order(java.nio.ByteOrder.nativeOrder()).putInt(7).putInt(45).putInt(131072).putInt(-1);
        Answer answer = kernel.ask(Protocol.INIT, 0, init);
        assertThat(answer.errno()).isZero();
        assertThat(answer.body().remaining()).isEqualTo(64);
        assertThat(answer.body().getInt(4)).isEqualTo(31);
        assertThat(answer.body().getInt(12)).isEqualTo(1 | 1 << 18 | 1 << 22);
        assertThat(answer.body().getShort(28)).isEqualTo((short) 256);
        ByteBuffer.wrap(init).order(java.nio.ByteOrder.nativeOrder()).putInt(7).putInt(27).putInt(131072).putInt(0);
        assertThat(kernel.ask(Protocol.INIT, 0, init).body().getInt(4)).isEqualTo(27);
    }

    @Test
    void tellsAttributes() {
        root.put("sda", new Device(new Attributes(FileType.BLOCK_DEVICE, 0660, 77, 1, 3, 6, 0, 0x803, 1_500_000_000L)));
        Answer entry = kernel.lookup(1, "sda");
        assertThat(entry.body().remaining()).isEqualTo(128);
        assertThat(entry.body().getLong(40)).as("ino").isEqualTo(77);
        Answer answer = kernel.ask(Protocol.GETATTR, kernel.id("sda"), new byte[16]);
        assertThat(answer.body().remaining()).isEqualTo(104);
        assertThat(answer.body().slice(16, 88)).isEqualTo(entry.body().slice(40, 88));
        ByteBuffer attr = answer.body().slice(16, 88).order(java.nio.ByteOrder.nativeOrder());
        assertThat(attr.getLong(32)).as("mtime").isEqualTo(1);
        assertThat(attr.getInt(52)).as("mtimensec").isEqualTo(500_000_000);
        assertThat(attr.getInt(60)).as("mode").isEqualTo(0060660);
        assertThat(attr.getInt(68)).as("uid").isEqualTo(3);
        assertThat(attr.getInt(76)).as("rdev").isEqualTo(0x803);
    }

    private record Device(Attributes attributes) implements io.scwatcher.vfs.SpecialFile {}

    @Test
    void readsFilesWithoutSizeInFull() {
        byte[] content = new byte[5_000_000];
        new Random(1).nextBytes(content);
        root.put("kallsyms", new MemoryFile(101, content));
        long id = kernel.id("kallsyms");
        assertThat(kernel.open(id).body().getInt(8)).isEqualTo(Protocol.FOPEN_DIRECT_IO);
        assertThat(kernel.readAll(id, 1 << 20)).isEqualTo(content);
        assertThat(kernel.readAll(id, 4097)).isEqualTo(content);
        long handle = kernel.open(id).body().getLong(0);
        assertThat(kernel.read(id, handle, 4_999_999, 100).body().remaining()).isEqualTo(1);
        assertThat(kernel.read(id, handle, Long.MAX_VALUE, 100).body().remaining()).isZero();
        assertThat(kernel.read(id, handle, -1, 100).errno()).isEqualTo(Errno.EINVAL.number());
        assertThat(kernel.read(id, handle, 0, -1).errno()).isEqualTo(Errno.EINVAL.number());
        assertThat(kernel.read(id, handle, 0, Integer.MAX_VALUE).body().remaining()).isEqualTo(1 << 20);
        assertThat(kernel.read(id, 999, 0, 1).errno()).isEqualTo(Errno.EBADF.number());
    }

    @Test
    void listsLargeDirectoriesInPieces() {
        for (int i = 0; i < 20_000; i++) {
            root.put("f" + i, new MemoryFile(1000 + i, ""));
        }
        List<String> names = names(4096);
        assertThat(names).hasSize(20_002).startsWith(".", "..", "f0", "f1").endsWith("f19999").doesNotHaveDuplicates();
        assertThat(names(32)).hasSize(20_002);
    }

    @Test
    void leavesOutNamesThatNoDirectoryCanHold() {
        String bytes = "\u0001\u00ff\t";
        for (String name : List.of("a/b", "nul\0", "", ".", "..", "x".repeat(256), "\u20ac", bytes, "y".repeat(255))) {
            root.put(name, new MemoryFile(5, ""));
        }
        assertThat(names(4096)).containsExactly(".", "..", bytes, "y".repeat(255));
        assertThat(kernel.lookup(1, bytes).errno()).isZero();
        assertThat(kernel.lookup(1, "z".repeat(256)).errno()).isEqualTo(Errno.ENAMETOOLONG.number());
    }

    @Test
    void refusesLinksThatTheKernelWouldNotTake() {
        root.put("self", new MemoryLink(5, "\u00e4"));
        root.put("empty", new MemoryLink(6, ""));
        root.put("nul", new MemoryLink(7, "a\0b"));
        root.put("long", new MemoryLink(8, "x".repeat(4096)));
        assertThat(kernel.ask(Protocol.READLINK, kernel.id("self"), new byte[0]).text()).isEqualTo("\u00e4");
        assertThat(kernel.ask(Protocol.READLINK, kernel.id("empty"), new byte[0]).errno()).isEqualTo(5);
        assertThat(kernel.ask(Protocol.READLINK, kernel.id("nul"), new byte[0]).errno()).isEqualTo(5);
        assertThat(kernel.ask(Protocol.READLINK, kernel.id("long"), new byte[0]).errno()).isEqualTo(36);
        assertThat(kernel.ask(Protocol.READLINK, 1, new byte[0]).errno()).isEqualTo(Errno.EINVAL.number());
    }

    @Test
    void keepsAnIdUntilTheKernelHasForgottenEachLookup() {
        root.put("a", new MemoryFile(5, "x"));
        long id = kernel.id("a");
        assertThat(kernel.id("a")).isEqualTo(id);
        assertThat(kernel.ask(Protocol.FORGET, id, Kernel.longs(1))).isNull();
        assertThat(kernel.ask(Protocol.GETATTR, id, new byte[16]).errno()).isZero();
        assertThat(kernel.ask(Protocol.BATCH_FORGET, 0, Kernel.longs(2, id, 1, 4711, 1))).isNull();
        assertThat(kernel.ask(Protocol.GETATTR, id, new byte[16]).errno()).isEqualTo(Errno.ENOENT.number());
        assertThat(operations.inUse()).isZero();
        assertThat(kernel.id("a")).isNotEqualTo(id);
    }

    @Test
    void givesAnotherFileOfTheSameNameAnotherId() {
        root.put("7", new MemoryDirectory(5));
        long id = kernel.id("7");
        root.put("7", new MemoryDirectory(6));
        assertThat(kernel.id("7")).isNotEqualTo(id);
    }

    @Test
    void looksEverythingUpAgainInAnotherGeneration() {
        AtomicReference<Object> age = new AtomicReference<>("old");
        Operations live = new Operations(new Tree(root, age::get), unexpected::add);
        Kernel user = new Kernel(live);
        root.put("7", new MemoryDirectory(5).put("stat", new MemoryFile(6, "old")));
        long directory = user.id("7");
        long file = user.id("7/stat");
        root.put("7", new MemoryDirectory(5).put("stat", new MemoryFile(6, "new")));
        assertThat(user.readAll(file, 100)).asString().isEqualTo("old");
        age.set("new");
        assertThat(user.readAll(file, 100)).asString().isEqualTo("new");
        root.remove("7");
        age.set("newer");
        assertThat(user.open(file).errno()).isEqualTo(Errno.ENOENT.number());
        assertThat(user.ask(Protocol.GETATTR, directory, new byte[16]).errno()).isEqualTo(Errno.ENOENT.number());
    }

    @Test
    void failsOneRequestWhenANodeFails() {
        root.put("esrch", failing(() -> new VfsException(Errno.ESRCH)));
        root.put("bug", failing(IllegalStateException::new));
        root.put("deep", failing(StackOverflowError::new));
        root.put("huge", failing(OutOfMemoryError::new));
        assertThat(kernel.lookup(1, "esrch").errno()).isEqualTo(3);
        assertThat(kernel.lookup(1, "bug").errno()).isEqualTo(5);
        assertThat(kernel.lookup(1, "deep").errno()).isEqualTo(5);
        assertThat(kernel.lookup(1, "huge").errno()).isEqualTo(12);
        assertThat(unexpected).hasSize(2);
        assertThat(kernel.lookup(1, "none").errno()).isEqualTo(2);
    }

    private static Node failing(Supplier<Throwable> failure) {
        return new Directory() {
            @Override
            public Attributes attributes() {
                throw FailureTest.<RuntimeException>sneak(failure.get());
            }

            @Override
            public Node lookup(String name) {
                return null;
            }

            @Override
            public List<Entry> list() {
                return List.of();
            }
        };
    }

    private static final class FailureTest {
        @SuppressWarnings("unchecked")
        static <T extends Throwable> T sneak(Throwable failure) throws T {
            throw (T) failure;
        }
    }

    @Test
    void nodesSeeWhoAsks() {
        root.put("self", new SymbolicLink() {
            @Override
            public Attributes attributes() {
                return new MemoryLink(9, "").attributes();
            }

            @Override
            public String target() {
                return Caller.CURRENT.get().toString();
            }
        });
        assertThat(kernel.ask(Protocol.READLINK, kernel.id("self"), new byte[0]).text())
                .isEqualTo("Caller[uid=1000, gid=100, tid=4711]");
    }

    @Test
    void survivesRequestsThatAreNoRequests() {
        root.put("a", new MemoryFile(5, "x"));
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            byte[] body = new byte[random.nextInt(48)];
            random.nextBytes(body);
            Answer answer = kernel.ask(random.nextInt(55), random.nextInt(4), body);
            assertThat(answer == null || answer.errno() >= 0).as("seed %d round %d", seed, round).isTrue();
        }
        assertThatThrownBy(() -> new Request(ByteBuffer.allocate(12))).isInstanceOf(Request.Malformed.class);
        assertThat(kernel.ask(53, 1, new byte[0]).errno()).isEqualTo(Errno.ENOSYS.number());
        assertThat(kernel.id("a")).isGreaterThan(1);
    }

    private List<String> names(int piece) {
        long handle = kernel.ask(Protocol.OPENDIR, 1, new byte[8]).body().getLong(0);
        List<String> names = new ArrayList<>();
        long offset = 0;
        while (true) {
            ByteBuffer body = kernel.ask(Protocol.READDIR, 1, Kernel.longs(handle, offset, piece, 0, 0)).body();
            if (!body.hasRemaining()) {
                break;
            }
            assertThat(body.remaining()).isLessThanOrEqualTo(piece);
            while (body.hasRemaining()) {
                int start = body.position();
                offset = body.getLong(start + 8);
                byte[] name = new byte[body.getInt(start + 16)];
                body.get(start + 24, name);
                names.add(new String(name, StandardCharsets.ISO_8859_1));
                body.position(start + (24 + name.length + 7 & ~7));
            }
        }
        kernel.ask(Protocol.RELEASEDIR, 1, Kernel.longs(handle, 0, 0));
        return names;
    }
}
