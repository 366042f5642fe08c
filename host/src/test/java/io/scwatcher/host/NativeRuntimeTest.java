package io.scwatcher.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** This host's own tools on a small VM in memory. Needs /dev/fuse and root; about a second. */
@Tag("mount")
class NativeRuntimeTest {
    @TempDir
    private Path directory;
    private final List<String> notes = new ArrayList<>();
    private final NativeRuntime runtime = new NativeRuntime(TestVm.tree(), "watched", notes::add);
    private String mountsBefore;

    @BeforeEach
    void assumeRoot() throws Exception {
        assumeThat(Path.of("/dev/fuse")).as("/dev/fuse").exists();
        assumeThat(System.getProperty("user.name")).as("user").isEqualTo("root");
        mountsBefore = Files.readString(Path.of("/proc/self/mounts"));
    }

    @AfterEach
    void leavesNothingBehind() throws Exception {
        assertThat(Files.readString(Path.of("/proc/self/mounts"))).isEqualTo(mountsBefore);
        assertThat(notes).isEmpty();
    }

    @Test
    void showsTheVmToOrdinaryTools() throws Exception {
        assertThat(output("ps -eo pid=,args=").lines().map(String::strip))
                .containsExactly("1 /sbin/init -x", "7 /sbin/vmdaemon -x");
        assertThat(output("uname -n")).isEqualTo("watched\n");
        assertThat(output("cat /proc/mounts; tail -1 /proc/net/dev")).isEqualTo("vmroot / ext4 rw 0 0\n  vm0: 1 2\n");
        assertThat(output("ls /proc")).doesNotContain("41943");
    }

    @Test
    void selfIsTheTool() throws Exception {
        assertThat(output("bash -c 'read pid comm rest < /proc/self/stat; [ $pid = $$ ] && echo $comm'"))
                .isEqualTo("(bash)\n");
        assertThat(output("readlink /proc/self/exe")).endsWith("/readlink\n");
        assertThat(output("cat /proc/thread-self/comm; ls /proc/self/task | wc -l")).isEqualTo("cat\n1\n");
        assertThat(output("ls /proc/self/fd")).isEqualTo("0\n1\n2\n3\n");
        assertThat(output("ls -d /proc/self/mem /proc/self/pagemap")).doesNotContain("\n/proc");
        assertThat(output("tail -1 /proc/self/net/dev")).isEqualTo("  vm0: 1 2\n");
    }

    @Test
    void selfIsNobodyElse() throws Exception {
        assertThat(output("me=$(bash -c 'readlink /proc/self'); ls -d /proc/$me")).contains("No such file");
        assertThat(output("ls -d /proc/$((4194304 + $$))")).contains("No such file");
    }

    @Test
    void descriptorsCanBeOpenedAgain() throws Exception {
        assertThat(output("echo through | cat /dev/stdin")).isEqualTo("through\n");
        assertThat(output("(echo one > /dev/stderr) 2>&1 | cat")).isEqualTo("one\n");
        assertThat(output("bash -c 'cat <(echo substituted)'")).isEqualTo("substituted\n");
    }

    @Test
    void linksOfVmProcessesLeadToWhatTheirTextSays() throws Exception {
        assertThat(output("cd /proc/7/fd; readlink 3; stat -Lc '%F %i' 3 4; stat -Lc %i ../ns/net; ls"))
                .isEqualTo("socket:[4711]\nsocket 4711\nfifo 4712\n4026531840\n3\n4\n");
    }

    @Test
    void modulesHaveTheirCounts() throws Exception {
        assertThat(output("cd /sys/module; ls; cat virtio_ring/refcnt virtio_ring/coresize; ls virtio_ring/holders"))
                .isEqualTo("dummy\nvirtio_ring\n2\n45056\nvirtio_net\nvirtio_pci\n");
    }

    @Test
    void exitStatusIsTheCommands() throws Exception {
        assertThat(runtime.run(List.of("sh", "-c", "exit 7"))).isEqualTo(7);
        assertThat(runtime.run(List.of("sh", "-c", "kill -TERM $$"))).isEqualTo(143);
        assertThat(runtime.run(List.of("no-such-command"))).isEqualTo(127);
        assertThat(runtime.run(List.of("/etc/passwd"))).isEqualTo(126);
        assertThat(notes).containsExactly("no-such-command: command not found", "/etc/passwd: Permission denied");
        notes.clear();
    }

    @Test
    void keepsItsDescriptorsAndSignalsToItself() throws Exception {
        String[] signals = output("grep -hE 'Sig(Blk|Ign)' /proc/self/status; bash -c 'ls /proc/$$/fd'").split("\\s+");
        assertThat(signals[1]).as("blocked").isEqualTo("0000000000000000");
        assertThat(ignored(signals[3])).as("ignored, as this process was started: in the background SIGINT is")
                .isEqualTo(ignored(Files.readString(Path.of("/proc/self/status")).replaceAll("(?s).*SigIgn:\\s*(\\w+).*", "$1")));
        assertThat(signals).as("open files").containsExactly("SigBlk:", signals[1], "SigIgn:", signals[3], "0", "1", "2", "3");
    }

    /** Without 32 and 33, glibc's own. */
    private static long ignored(String mask) {
        return Long.parseLong(mask, 16) & 0x7fffffff;
    }

    /** What a shell script prints in the runtime. */
    private String output(String script) throws Exception {
        Path file = directory.resolve("output");
        runtime.run(List.of("sh", "-c", "exec > " + file + " 2>&1 < /dev/null; " + script));
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }
}
