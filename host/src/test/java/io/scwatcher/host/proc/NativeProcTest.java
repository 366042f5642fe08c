package io.scwatcher.host.proc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scwatcher.host.fuse.Caller;
import io.scwatcher.vfs.Directory;
import io.scwatcher.vfs.FileType;
import io.scwatcher.vfs.Node;
import io.scwatcher.vfs.RegularFile;
import io.scwatcher.vfs.SymbolicLink;
import io.scwatcher.vfs.tree.MemoryDirectory;
import io.scwatcher.vfs.tree.MemoryFile;
import io.scwatcher.vfs.tree.MemoryLink;
import io.scwatcher.vfs.tree.Walk;
import io.scwatcher.vprocfs.SysModule;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Without a mount: this test's own thread is the caller. */
class NativeProcTest {
    private static final int ME = (int) ProcessHandle.current().pid();
    private final MemoryDirectory vm = new MemoryDirectory(1)
            .put("1", new MemoryDirectory(2).put("comm", new MemoryFile(3, "init\n"))
                    .put("net", new MemoryDirectory(4).put("tcp", new MemoryFile(5, "sl\n")))
                    .put("mounts", new MemoryFile(6, "vm\n"))
                    .put("fd", new MemoryDirectory(7).put("0", new MemoryLink(8, "socket:[12]")))
                    .put("task", new MemoryDirectory(9).put("1", new MemoryDirectory(10)
                            .put("fd", new MemoryDirectory(11).put("0", new MemoryLink(12, "pipe:[13]"))))))
            .put("self", new MemoryLink(13, "1")).put("net", new MemoryLink(14, "self/net"));
    private final Directory proc = NativeProc.withHostProc(vm);

    private static <T> T asCaller(int thread, Supplier<T> read) {
        return ScopedValue.where(Caller.CURRENT, new Caller(0, 0, thread)).call(read::get);
    }

    private String read(String path) {
        return asCaller(ME, () -> new String(Walk.read(proc, path, 1 << 20), StandardCharsets.ISO_8859_1));
    }

    @Test
    void selfIsTheCaller() {
        assertThat(read("self/stat")).startsWith(ME + " (");
        assertThat(read("thread-self/stat")).startsWith(ME + " (");
        assertThat(read("self/task/" + ME + "/status")).contains("\nTgid:\t" + ME + "\n");
        assertThat(read("1/comm")).isEqualTo("init\n");
        assertThat(proc.list()).isEqualTo(vm.list());
    }

    @Test
    void theSystemAroundSelfIsTheVm() {
        assertThat(read("net/tcp")).isEqualTo("sl\n");
        assertThat(read("self/net/tcp")).isEqualTo("sl\n");
        assertThat(read("self/task/" + ME + "/mounts")).isEqualTo("vm\n");
        Directory self = (Directory) asCaller(ME, () -> Walk.resolve(proc, "self"));
        List<String> names = self.list().stream().map(Directory.Entry::name).toList();
        assertThat(names).contains("net", "mounts", "stat", "fd").doesNotContain("mem", "pagemap", "mountinfo");
        assertThat(self.lookup("mem")).isNull();
    }

    @Test
    void nobodyElseFindsTheCaller() {
        String name = Integer.toString(NativeProc.PID_MAX_LIMIT + ME);
        assertThat(asCaller(ME, () -> proc.lookup(name))).isNotNull();
        assertThat(asCaller(1, () -> proc.lookup(name))).isNull();
        assertThat(asCaller(1, () -> proc.lookup(Integer.toString(ME)))).isNull();
        assertThat(asCaller(ME, () -> proc.lookup(Integer.toString(ME)))).isNotNull();
        assertThat(proc.lookup(name)).isNull();
        Node self = proc.lookup("self");
        assertThat(self.attributes().inode()).isEqualTo(13);
        assertThatThrownBy(() -> asCaller(0, ((SymbolicLink) self)::target)).hasMessage("ENOENT");
    }

    @Test
    void linkTextsAreNamesOfWhatTheyMean() {
        assertThat(Walk.resolve(proc, "1/fd/0").attributes().type()).isEqualTo(FileType.SOCKET);
        assertThat(Walk.resolve(proc, "1/fd/0").attributes().inode()).isEqualTo(12);
        assertThat(Walk.resolve(proc, "1/task/1/fd/0").attributes().type()).isEqualTo(FileType.FIFO);
        assertThat(((Directory) Walk.resolve(proc, "1/fd")).lookup("net:[4026531840]")).isInstanceOf(RegularFile.class);
        for (String none : List.of("socket:[]", "socket:[x]", "socket:12", "socket:[99999999999999999999]", "1", "")) {
            assertThat(((Directory) Walk.resolve(proc, "1/fd")).lookup(none)).as(none).isNull();
        }
    }

    @Test
    void onlyTheRuntimeHasTheHostsProc() {
        assertThat(((Directory) proc.lookup(NativeProc.HOST_PROC)).list()).isEmpty();
        assertThat(NativeProc.of(vm).lookup(NativeProc.HOST_PROC)).isNull();
    }

    @Test
    void modulesComeFromTheTable() {
        vm.put("modules", new MemoryFile(20, """
                a 1 0 - Live 0x0 (OE)
                b 20 3 a,[permanent], Loading 0x0
                broken
                """));
        SysModule modules = new SysModule(vm);
        assertThat(modules.list()).extracting(Directory.Entry::name).containsExactly("a", "b");
        assertThat(new String(Walk.read(modules, "b/refcnt", 10), StandardCharsets.ISO_8859_1)).isEqualTo("3\n");
        assertThat(new String(Walk.read(modules, "b/initstate", 10), StandardCharsets.ISO_8859_1)).isEqualTo("coming\n");
        assertThat(((Directory) Walk.resolve(modules, "b/holders")).list()).extracting(Directory.Entry::name)
                .containsExactly("a");
        assertThat(((Directory) Walk.resolve(modules, "a/holders")).list()).isEmpty();
        assertThat(modules.lookup("c")).isNull();
    }
}
