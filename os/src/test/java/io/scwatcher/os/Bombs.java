package io.scwatcher.os;

import io.scwatcher.cpu.Engines;
import io.scwatcher.os.fs.StandardTree;
import io.scwatcher.os.task.Credentials;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The process of {@link BombsTest}: one program after the other takes all it can get, in a JVM with a small heap. A line for each tells how it ended. */
final class Bombs {
    private static final int PROCESSES = 300;

    private Bombs() {}

    /** @param args the program, then what it is to take, one after the other */
    public static void main(String[] args) throws Exception {
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        for (String what : List.of(args).subList(1, args.length)) {
            Layer.Builder builder = Layer.builder().engine(Engines.interpreter()).failures((task, failure) -> failures.add(failure));
            StandardTree tree = new StandardTree(HostTree.directory(Path.of("/")), Runtime.getRuntime().maxMemory() / 8);
            try (Layer layer = tree.mount(builder).build()) {
                ByteArrayOutputStream output = new ByteArrayOutputStream();
                StandardStreams streams = StandardStreams.of(InputStream.nullInputStream(), output, System.err);
                Limits limits = Limits.DEFAULT.withProcesses(PROCESSES);
                Run run = layer.start(List.of(args[0], what), List.of(), "/", streams, Credentials.root(), limits);
                int status = run.waitForExit();
                String after = TestPrograms.inLayer(layer, List.of("/bin/echo", "fine"), "").output().strip();
                System.out.println(String.join(" ", what, Integer.toString(status), output.toString(StandardCharsets.ISO_8859_1).replace('\n', ' ').strip(), after)
                        + (run.verdict() == null ? "" : " " + run.verdict()));
            }
            System.out.println(what + " left " + usedMegabytes() + " MiB");
        }
        failures.forEach(failure -> System.out.println("failure " + failure));
    }

    private static long usedMegabytes() throws InterruptedException {
        long used = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            used = Math.min(used, Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
            Thread.sleep(50);
        }
        return used >> 20;
    }
}
