package io.scwatcher.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each C program prints what system calls give it; natively and in the layer that must be the same, with the same exit status. */
class ConformanceTest {
    @ParameterizedTest
    @ValueSource(strings = {"processes", "signals", "threads", "memory", "execution", "clocks", "identity", "faults", "stress"})
    void staticProgramDoesTheSameAsNatively(String name) throws Exception {
        Assumptions.assumeTrue(!name.equals("identity") || System.getProperty("user.name").equals("root"), "needs root");
        Path program = NativeAndLayer.program(name);
        assertThat(TestPrograms.inLayer(List.of(program.toString()))).isEqualTo(TestPrograms.natively(List.of(program.toString())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"signals", "threads"})
    void dynamicProgramDoesTheSameAsNatively(String name) throws Exception {
        Path program = TestPrograms.dynamic(name);
        assertThat(TestPrograms.inLayer(List.of(program.toString()))).isEqualTo(TestPrograms.natively(List.of(program.toString())));
    }

    @Test
    void shellsRunPipelines() throws Exception {
        String script = "x=$(echo sub); echo $x; seq 1 100 | sort -rn | head -3 | tr '\\n' ' '; /bin/false || echo failed; (exit 7); echo $?; sh -c 'kill -9 $$'; echo $?";
        for (String shell : List.of("/bin/dash", "/bin/bash")) {
            List<String> command = shell.endsWith("bash") ? List.of(shell, "--norc", "-c", script) : List.of(shell, "-c", script);
            TestPrograms.Result layer = TestPrograms.inLayer(command);
            TestPrograms.Result natively = TestPrograms.natively(command);
            assertThat(layer.output()).isEqualTo(natively.output());
            assertThat(layer.status()).isEqualTo(natively.status());
        }
    }
}
