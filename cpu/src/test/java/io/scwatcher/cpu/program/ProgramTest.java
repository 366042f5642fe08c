package io.scwatcher.cpu.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.cpu.Engine;
import io.scwatcher.cpu.Engines;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole C programs print in every engine what they print on the machine's own processor. */
class ProgramTest {
    private static final Map<String, String> PROGRAMS = Map.of("integers", "30000", "digest", "3", "strings", "3000", "pointers", "3", "sorting", "2000",
            "floating", "20000", "calls", "10", "extended", "60");

    @TempDir
    Path directory;

    static Stream<String> programs() {
        return PROGRAMS.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("programs")
    void printsWhatItPrintsNatively(String name) throws Exception {
        StaticProgram program = StaticProgram.compile(Path.of("src/test/c", name + ".c"), directory);
        String argument = PROGRAMS.get(name);
        Process process = new ProcessBuilder(directory.resolve(name).toString(), argument).start();
        String expected = new String(process.getInputStream().readAllBytes());
        for (Engine engine : new Engine[] {Engines.interpreter(), Engines.mixed(), Engines.compiler()}) {
            StaticProgram.Result result = program.run(engine, argument);
            assertThat(result.output()).isEqualTo(expected);
            assertThat(result.status()).isEqualTo(process.waitFor());
        }
    }
}
