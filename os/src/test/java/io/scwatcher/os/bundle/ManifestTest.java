package io.scwatcher.os.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scwatcher.os.bundle.Manifest.Entry;
import io.scwatcher.os.bundle.Manifest.Type;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTest {
    private static final String DIGEST = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    @Test
    void whatIsWrittenIsRead() throws BundleException {
        Manifest manifest = Manifest.of(List.of(
                new Entry("usr/bin/ps", Type.FILE, 04755, 0, 42, 1_700_000_000, 7, DIGEST),
                new Entry("bin", Type.LINK, 0777, 0, 0, 5, 0, "usr/bin"),
                new Entry("a b\\\n\u00ff=#", Type.LINK, 0777, 0, 0, -5, 0, "x y\u00e9"),
                new Entry("run/fifo", Type.FIFO, 0600, 1, 2, 3, 0, null)));
        assertThat(Manifest.parse(manifest.text())).isEqualTo(manifest);
        assertThat(manifest.entries().keySet()).contains("", "usr", "usr/bin", "run");
    }

    @Test
    void theOrderInWhichEntriesComeDoesNotMatter() {
        Entry one = new Entry("one", Type.DIR, 0755, 0, 0, 0, 0, null);
        Entry two = new Entry("two", Type.DIR, 0755, 0, 0, 0, 0, null);
        assertThat(Manifest.of(List.of(one, two)).text()).isEqualTo(Manifest.of(List.of(two, one)).text());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "./../x type=dir mode=0755 uid=0 gid=0 time=0.0", "./a//b type=dir mode=0755 uid=0 gid=0 time=0.0",
        "/x type=dir mode=0755 uid=0 gid=0 time=0.0", "./x/y type=dir mode=0755 uid=0 gid=0 time=0.0",
        "./x type=char mode=0755 uid=0 gid=0 time=0.0", "./x type=dir mode=0755 uid=-1 gid=0 time=0.0",
        "./x type=dir mode=0755 uid=0 gid=0", "./x type=file mode=0755 uid=0 gid=0 time=0.0 size=3 sha256digest=12",
        "./x type=dir mode=17777 uid=0 gid=0 time=0.0", "./x type=link mode=0755 uid=0 gid=0 time=0.0 link=\\7",
        "./x\\000 type=dir mode=0755 uid=0 gid=0 time=0.0", ". type=dir mode=0755 uid=0 gid=0 time=0.0\n. type=dir mode=0755 uid=0 gid=0 time=0.0",
        "", "x"})
    void hostileLinesAreRefused(String lines) {
        String text = "#mtree v2.0\n" + (lines.startsWith(". ") ? "" : ". type=dir mode=0755 uid=0 gid=0 time=0.0\n") + lines + "\n./z";
        assertThatThrownBy(() -> Manifest.parse(text.getBytes(StandardCharsets.ISO_8859_1))).isInstanceOf(BundleException.class);
    }
}
