package io.scwatcher.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Programs that take files, pipes, sockets, threads, names and more until they are refused, in a JVM with a heap of 256 MiB: each sees an error that Linux has, the next
 * program runs, and the memory is back. About a minute.
 */
@Tag("slow")
class BombsTest {
    private static final int HEAP_MEGABYTES = 256;
    /** What is left of a layer, with the JVM's own. */
    private static final int LEFT_MEGABYTES = 48;
    private static final Pattern LEFT = Pattern.compile("(\\S+) left (\\d+) MiB");
    /** What each is refused with, as {@link Bombs} prints it behind the exit status. */
    private static final Map<String, String> REFUSALS = Map.ofEntries(Map.entry("files", "0 ENFILE"), Map.entry("pipes", "0 ENFILE"), Map.entry("sockets", "0 ENFILE"),
            Map.entry("cycles", "0 ENFILE"), Map.entry("tables", "143 ENOMEM"), Map.entry("threads", "0 EAGAIN"), Map.entry("names", "0 ENOSPC"),
            Map.entry("depth", "0 named 0 0 left"), Map.entry("locks", "0 ENOLCK"), Map.entry("queued", "0 EAGAIN"),
            Map.entry("timers", "0 EAGAIN"), Map.entry("terminals", "0 ENOSPC"), Map.entry("polls", "0 4 ELOOP epoll_ctl(b, EPOLL_CTL_ADD, a, &event): ELOOP ENFILE"),
            Map.entry("watches", "0 ENFILE"), Map.entry("arguments", "0 E2BIG E2BIG"), Map.entry("/tmp", "0 ENOSPC"), Map.entry("/dev/shm", "0 ENOSPC"));

    @Test
    void limitsHoldAndTheMemoryComesBack() throws Exception {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx" + HEAP_MEGABYTES + "m", "-XX:+UseSerialGC",
                "-cp", System.getProperty("jdk.module.path", System.getProperty("java.class.path")) + File.pathSeparator + Path.of("target/test-classes").toAbsolutePath(),
                Bombs.class.getName(), NativeAndLayer.program("bombs").toString()));
        command.addAll(REFUSALS.keySet());
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1).lines().toList();
        assertThat(process.waitFor()).as("%s", lines).isZero();
        List<String> ends = lines.stream().filter(line -> !LEFT.matcher(line).matches()).toList();
        assertThat(ends).containsExactlyInAnyOrderElementsOf(REFUSALS.entrySet().stream().map(entry -> entry.getKey() + " " + entry.getValue() + " fine").toList());
        Map<String, Integer> left = lines.stream().map(LEFT::matcher).filter(Matcher::matches)
                .collect(Collectors.toMap(line -> line.group(1), line -> Integer.parseInt(line.group(2))));
        assertThat(left).hasSameSizeAs(REFUSALS).allSatisfy((what, megabytes) -> assertThat(megabytes).as(what).isLessThan(LEFT_MEGABYTES));
    }
}
