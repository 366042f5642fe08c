package io.scwatcher.cpu.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.cpu.Engine;
import io.scwatcher.cpu.Engines;
import io.scwatcher.cpu.compile.RegionCompiler;
import io.scwatcher.cpu.decode.EncodingGenerator;
import io.scwatcher.cpu.decode.Family;
import io.scwatcher.cpu.decode.Form;
import io.scwatcher.cpu.interpret.Interpreter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every form that the decoder knows, executed by our engines and by the machine's own processor, with the same random operands. */
class OracleTest {
    private static final int FEW = 16;
    private static final int FEW_COMPILED = 4;
    private static final int MANY = Integer.getInteger("scwatcher.cases", 1000);
    private static final int SHOWN = 3;

    @TempDir
    Path directory;

    /** {@code -Dscwatcher.seed} repeats a run, {@code -Dscwatcher.forms} restricts it to forms that match an expression, {@code ADDPS.*} for instance. */
    @ParameterizedTest
    @EnumSource
    void executesAFewOfEveryForm(Family family) {
        compare(family, FEW, Engines.interpreter(), OracleTest::alone);
    }

    @ParameterizedTest
    @EnumSource
    void compiledCodeExecutesAFewOfEveryForm(Family family) {
        compare(family, FEW_COMPILED, compiler(), OracleTest::alone);
    }

    @ParameterizedTest
    @EnumSource
    void readsFlagsBehindEveryForm(Family family) {
        compare(family, FEW_COMPILED, Engines.interpreter(), OracleTest::withFlagConsumer);
        compare(family, FEW_COMPILED, compiler(), OracleTest::withFlagConsumer);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("slow")
    void executesManyOfEveryForm(Family family) {
        compare(family, MANY, Engines.interpreter(), OracleTest::alone);
        compare(family, MANY, Engines.interpreter(), OracleTest::withFlagConsumer);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("slow")
    void compiledCodeExecutesManyOfEveryForm(Family family) {
        compare(family, MANY, compiler(), OracleTest::alone);
        compare(family, MANY / 10, compiler(), OracleTest::withFlagConsumer);
    }

    /** Every instruction is compiled before it runs for the first time. */
    private static Engine compiler() {
        return new Interpreter(new RegionCompiler(1));
    }

    /** The cases of a form; one is null if there is none. */
    private static Function<Form, TestCase> alone(RandomGenerator random) {
        CaseGenerator generator = new CaseGenerator(random);
        return form -> {
            TestCase one = generator.next(form);
            while (!DefinedResults.isDefined(one)) {
                one = generator.next(form);
            }
            return one;
        };
    }

    private static Function<Form, TestCase> withFlagConsumer(RandomGenerator random) {
        return new FlagConsumers(random)::next;
    }

    private void compare(Family family, int casesForEach, Engine engine, Function<RandomGenerator, Function<Form, TestCase>> kind) {
        long seed = Long.getLong("scwatcher.seed", System.nanoTime());
        String only = System.getProperty("scwatcher.forms", "");
        System.out.println("oracle: -Dscwatcher.seed=" + seed);
        Function<Form, TestCase> generator = kind.apply(new SplittableRandom(seed));
        Map<Form, List<String>> failures = new LinkedHashMap<>();
        int executed = 0;
        try (NativeOracle oracle = new NativeOracle(directory)) {
            EngineUnderTest ours = new EngineUnderTest(engine);
            for (Form form : EncodingGenerator.forms()) {
                if (form.family() == family && reasonToLeaveOut(form) == null && (only.isEmpty() || form.toString().matches(only))) {
                    executed += compare(form, casesForEach, generator, oracle, ours, failures);
                }
            }
        }
        System.out.println("oracle: " + executed + " cases");
        StringBuilder report = new StringBuilder();
        failures.forEach((form, list) -> {
            report.append("%s: %d cases differ%n".formatted(form, list.size()));
            list.stream().limit(SHOWN).forEach(report::append);
        });
        assertThat(report).asString().isEmpty();
    }

    private static int compare(Form form, int count, Function<Form, TestCase> generator, NativeOracle oracle, EngineUnderTest ours,
            Map<Form, List<String>> failures) {
        for (int done = 0; done < count;) {
            List<TestCase> cases = Stream.generate(() -> generator.apply(form)).limit(Math.min(NativeOracle.BATCH, count - done))
                    .filter(Objects::nonNull).toList();
            if (cases.isEmpty()) {
                return done;
            }
            List<MachineState> expected = oracle.execute(cases);
            for (int i = 0; i < cases.size(); i++) {
                String differences = DefinedResults.differences(cases.get(i), expected.get(i), ours.execute(cases.get(i)));
                if (!differences.isEmpty()) {
                    failures.computeIfAbsent(form, f -> new ArrayList<>()).add(cases.get(i) + "\n" + differences);
                }
            }
            done += cases.size();
        }
        return count;
    }

    /** Forms whose results the processor of this machine, or the kernel on it, doesn't decide. Their own tests are elsewhere. */
    static String reasonToLeaveOut(Form form) {
        return switch (form.opcode()) {
            case SYSCALL -> "leaves the program";
            case CPUID, RDTSC, RDTSCP -> "another processor says something else";
            case INT -> "the kernel may serve it";
            case INT1 -> "hypervisors report another RIP";
            case IRET, RET_FAR, JMP_FAR, CALL_FAR -> "may lead to compatibility mode, which is not there";
            case PRIVILEGED -> EncodingGenerator.isUserModeInstructionPrevention(form) ? "Linux emulates what UMIP forbids" : null;
            default -> null;
        };
    }

    /** Nothing is left out by mistake. */
    @Test
    void generatesEveryForm() {
        CaseGenerator generator = new CaseGenerator(new SplittableRandom(1));
        for (Form form : EncodingGenerator.forms()) {
            assertThat(generator.next(form).instruction().form).isSameAs(form);
        }
        assertThat(EncodingGenerator.forms().stream().filter(f -> reasonToLeaveOut(f) != null && f.family() != Family.INTEGER)).isEmpty();
    }
}
