package io.scwatcher.fidelity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The guest's reader, compiled and run on this machine. */
class ProcwalkTest {
    @TempDir
    static Path directory;
    private static Path program;

    @BeforeAll
    static void compile() throws IOException {
        program = Procwalk.compile(directory);
    }

    private static byte[] run(String... arguments) throws IOException {
        List<String> command = new java.util.ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        process.getOutputStream().write('\n');
        process.getOutputStream().close();
        return process.getInputStream().readAllBytes();
    }

    @Test
    void archivesEverythingBelowItsRoot() throws IOException {
        Path root = Files.createDirectory(directory.resolve("root"));
        Files.writeString(root.resolve("version"), "Linux\n");
        Files.createSymbolicLink(root.resolve("self"), Path.of("42"));
        Files.createDirectory(root.resolve("sys"));
        Files.write(root.resolve("sys/bytes"), new byte[] {0, (byte) 0xff, '\n'});
        Files.writeString(root.resolve("kmsg"), "not to be read");
        ProcArchive archive = ProcArchive.read(new ByteArrayInputStream(run("-r", root.toString())));
        assertThat(archive.nodes()).extracting(ProcNode::path)
                .containsExactlyInAnyOrder("", "version", "self", "sys", "sys/bytes", "kmsg");
        assertThat(archive.node("version").text()).isEqualTo("Linux\n");
        assertThat(archive.node("self").text()).isEqualTo("42");
        assertThat(archive.node("sys/bytes").content()).containsExactly(0, 0xff, '\n');
        assertThat(archive.node("kmsg").kind()).isEqualTo(ProcNode.Kind.SKIPPED);
        assertThat(archive.children("sys")).containsOnlyKeys("bytes");
    }

    @Test
    void readsThisMachineTwiceAndFindsItselfAlike() throws IOException {
        InputStream in = new ByteArrayInputStream(run("-b", "1", "-p", "sys/kernel", "version", "self"));
        String ready = "";
        while (!ready.endsWith("\n")) {
            ready += (char) in.read();
        }
        ProcArchive before = ProcArchive.read(in);
        ProcArchive after = ProcArchive.read(in);
        assertThat(in.read()).isEqualTo(-1);
        assertThat(ready).isEqualTo("ready " + before.readerPid() + "\n");
        assertThat(before.node("self").text()).isEqualTo(Integer.toString(before.readerPid()));
        assertThat(before.node("sys/kernel/ostype").text()).isEqualTo("Linux\n");
        assertThat(before.node("uptime")).isNull();
        Scoreboard scoreboard = Comparison.compare(before, after, ArchiveTree.root(before), List.of());
        assertThat(scoreboard.total().good()).isEqualTo(scoreboard.total().inGuest()).isGreaterThan(20);
    }

    @Test
    void brokenArchivesAreRefused() throws IOException {
        byte[] whole = run("version");
        assertThatThrownBy(() -> ProcArchive.read(new ByteArrayInputStream(Arrays.copyOf(whole, whole.length - 5))))
                .isInstanceOf(IOException.class).hasMessageContaining("ends in the middle");
        assertThatThrownBy(() -> ProcArchive.read(new ByteArrayInputStream("sh: not found\n".getBytes())))
                .isInstanceOf(IOException.class).hasMessageContaining("sh: not found");
    }
}
