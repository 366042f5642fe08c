package io.scwatcher.fidelity.layer;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.cpu.Engine;
import io.scwatcher.cpu.Engines;
import io.scwatcher.os.Limits;
import io.scwatcher.os.bundle.Bundle;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Scripts with the distribution's tools: the same status, output and errors natively and in the layer, byte for byte. Needs the superuser. */
@Tag("slow")
class ToolScriptsTest {
    private static final List<String> PACKAGES = List.of("busybox-static", "gawk", "perl", "python3");
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final String WORK = "/tmp/work";

    private static ToolBundle tools;
    private static Bundle bundle;
    private static Map<String, LayerRunner> layers;

    @BeforeAll
    static void prepare() throws Exception {
        tools = ToolBundle.of(PACKAGES, null, System.out::println);
        bundle = Bundle.open(tools.file());
        layers = Map.of("interpreter", layer(Engines.interpreter()), "mixed", layer(Engines.mixed()));
    }

    private static LayerRunner layer(Engine engine) {
        return new LayerRunner(bundle.root(), engine, Limits.DEFAULT, null);
    }

    @AfterAll
    static void clear() throws Exception {
        layers.values().forEach(LayerRunner::close);
        bundle.close();
        tools.close();
    }

    /** Each of the file's scripts begins with a line {@code ### NAME [SHELL -c]}. */
    static Stream<Arguments> scripts() throws Exception {
        try (InputStream in = ToolScriptsTest.class.getResourceAsStream("tool-scripts.txt")) {
            List<Arguments> all = new ArrayList<>();
            for (String part : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("(?m)^### ")) {
                if (!part.isBlank()) {
                    int line = part.indexOf('\n');
                    String[] head = part.substring(0, line).split(" ");
                    List<String> command = new ArrayList<>(head.length > 1 ? List.of(head).subList(1, head.length) : List.of("/bin/bash", "-c"));
                    command.add(part.substring(line + 1));
                    all.add(Arguments.of("interpreter", head[0], command));
                    all.add(Arguments.of("mixed", head[0], command));
                }
            }
            return all.stream();
        }
    }

    @ParameterizedTest(name = "{1}, {0}")
    @MethodSource("scripts")
    void printsTheSame(String engine, String name, List<String> command) throws Exception {
        LayerRunner layer = layers.get(engine);
        for (ToolRunner runner : List.of(tools.natively(), layer)) {
            assertThat(runner.run(List.of("/bin/sh", "-c", "rm -rf " + WORK + "; mkdir " + WORK), "/", new byte[0], PATIENCE).status()).isZero();
        }
        Outcome natively = tools.natively().run(command, WORK, new byte[0], PATIENCE);
        assertThat(layer.run(command, WORK, new byte[0], PATIENCE)).isEqualTo(natively);
        assertThat(layer.failures()).isEmpty();
    }
}
