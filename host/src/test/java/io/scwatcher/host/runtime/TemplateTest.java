package io.scwatcher.host.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemplateTest {
    @TempDir
    Path directory;

    @Test
    void placesGetTheirValuesAsTheyStand() throws IOException {
        assertThat(template("a ${ONE} {{ gramine.libos }} $MRENCLAVE ${ONE}").fill(Map.of("ONE", "$1\\ ${TWO}")))
                .isEqualTo("a $1\\ ${TWO} {{ gramine.libos }} $MRENCLAVE $1\\ ${TWO}");
    }

    @Test
    void aPlaceWithoutAValueIsAFault() throws IOException {
        Template template = template("${ONE} ${TWO}");
        assertThatThrownBy(() -> template.fill(Map.of("ONE", "1"))).isInstanceOf(IllegalStateException.class).hasMessageContaining("TWO");
    }

    @Test
    void aValueWithoutAPlaceIsAFault() throws IOException {
        Template template = template("${ONE}");
        assertThatThrownBy(() -> template.fill(Map.of("ONE", "1", "TWO", "2"))).isInstanceOf(IllegalStateException.class).hasMessageContaining("TWO");
    }

    private Template template(String text) throws IOException {
        return new Template(Files.writeString(directory.resolve("template"), text));
    }
}
