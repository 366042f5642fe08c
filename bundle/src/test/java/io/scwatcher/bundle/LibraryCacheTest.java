package io.scwatcher.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibraryCacheTest {
    private static final byte[] LIBRARY = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN).putInt(0x464c457f).put((byte) 2).position(16)
            .putShort((short) 3).putShort((short) 62).array();

    @TempDir
    private Path folder;

    @Test
    void ldconfigReadsWhatWasWritten() throws Exception {
        Path file = folder.resolve("cache");
        Files.write(file, LibraryCache.of(tree()));
        assertThat(listed(file)).containsExactlyInAnyOrder("libz.so.10 (libc6,x86-64) => /lib/x86_64-linux-gnu/libz.so.10",
                "libz.so.9 (libc6,x86-64) => /lib/x86_64-linux-gnu/libz.so.9", "libz.so.9.2 (libc6,x86-64) => /lib/x86_64-linux-gnu/libz.so.9.2",
                "libown.so (libc6,x86-64) => /opt/own/libown.so", "libboth.so (libc6,x86-64) => /opt/own/libboth.so",
                "ld-linux-x86-64.so.2 (libc6,x86-64) => /lib/x86_64-linux-gnu/ld-linux-x86-64.so.2");
    }

    @Test
    void namesAreOrderedAsTheDynamicLinkerComparesThem() {
        assertThat(List.of("libz.so.10", "libz.so.9", "libz.so", "liba.so.1", "lib1.so", "libz.so.9.2").stream().sorted(LibraryCache::compare))
                .containsExactly("liba.so.1", "libz.so", "libz.so.9", "libz.so.9.2", "libz.so.10", "lib1.so");
    }

    private static BundleBuilder tree() throws IOException {
        BundleBuilder tree = new BundleBuilder();
        tree.putLink("lib", "usr/lib");
        tree.putFile("etc/ld.so.conf", text("include /etc/ld.so.conf.d/*.conf\n"));
        tree.putFile("etc/ld.so.conf.d/own.conf", text("# ours\n/opt/own/\n"));
        tree.putFile("etc/ld.so.conf.d/ignored.txt", text("/opt/ignored\n"));
        tree.putFile("opt/own/libown.so", LIBRARY);
        tree.putFile("opt/own/libboth.so", LIBRARY);
        tree.putFile("opt/own/deeper/libdeeper.so", LIBRARY);
        tree.putFile("opt/ignored/libignored.so", LIBRARY);
        tree.putFile("usr/lib/libboth.so", LIBRARY);
        tree.putFile("usr/lib/libscript.so", text("GROUP ( libc.so.6 )\n"));
        tree.putLink("usr/lib/libdangling.so", "nowhere");
        String multiarch = "usr/lib/x86_64-linux-gnu/";
        tree.putFile(multiarch + "ld-linux-x86-64.so.2", LIBRARY);
        tree.putFile(multiarch + "libz.so.9.2", LIBRARY);
        tree.putLink(multiarch + "libz.so.9", "libz.so.9.2");
        tree.putLink(multiarch + "libz.so.10", "../../../opt/own/libown.so");
        tree.putFile(multiarch + "perl.so", LIBRARY);
        return tree;
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static List<String> listed(Path cache) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("/sbin/ldconfig", "-p", "-C", cache.toString()).redirectErrorStream(true).start();
        List<String> lines = process.inputReader().lines().toList();
        assertThat(process.waitFor()).as("%s", lines).isZero();
        return lines.stream().filter(line -> line.contains("=>")).map(String::strip).toList();
    }
}
