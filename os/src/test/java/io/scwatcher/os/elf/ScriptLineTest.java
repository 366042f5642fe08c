package io.scwatcher.os.elf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptLineTest {
    private static ScriptLine parse(String start) {
        return ScriptLine.parse(Arrays.copyOf(start.getBytes(StandardCharsets.ISO_8859_1), 256));
    }

    @Test
    void interpreterAndOneArgument() {
        assertThat(parse("#!/bin/sh\n")).isEqualTo(new ScriptLine("/bin/sh", null));
        assertThat(parse("#! \t/bin/sh \n")).isEqualTo(new ScriptLine("/bin/sh", null));
        assertThat(parse("#!/bin/sh -e  -x \t\nmore")).isEqualTo(new ScriptLine("/bin/sh", "-e  -x"));
    }

    @Test
    void lineMayEndWithTheFile() {
        assertThat(parse("#!/bin/sh")).isEqualTo(new ScriptLine("/bin/sh", null));
    }

    @Test
    void longArgumentIsCutButNoLongName() {
        assertThat(parse("#!/bin/sh " + "x".repeat(300)).argument()).hasSize(245);
        assertThat(parse("#!/" + "x".repeat(300))).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "#", "#!", "#!\n", "#! \t \n", "\u007fELF", "plain"})
    void noScript(String start) {
        assertThat(parse(start)).isNull();
    }
}
