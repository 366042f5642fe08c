package io.scwatcher.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scwatcher.os.bundle.Bundle;
import io.scwatcher.os.bundle.BundleException;
import io.scwatcher.os.bundle.Manifest.Entry;
import io.scwatcher.os.bundle.Manifest.Type;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.RegularFile;
import io.scwatcher.vfs.VfsException;
import io.scwatcher.vfs.tree.Walk;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleBuilderTest {
    @TempDir
    private Path folder;

    @Test
    void theSameTreeGivesTheSameBytesWhateverTheOrder() throws IOException {
        Path one = folder.resolve("one");
        Path two = folder.resolve("two");
        try (BundleBuilder builder = new BundleBuilder()) {
            builder.putFile("etc/a", "A".getBytes());
            builder.putFile("etc/b", "B".getBytes());
            builder.write(one);
        }
        try (BundleBuilder builder = new BundleBuilder()) {
            builder.putFile("etc/b", "B".getBytes());
            builder.putFile("etc/a", "other".getBytes());
            builder.putFile("etc/a", "A".getBytes());
            builder.write(two);
        }
        assertThat(one).hasSameBinaryContentAs(two);
    }

    @Test
    void whatWasPutIsRead() throws IOException {
        Path file = folder.resolve("bundle");
        String digest;
        try (BundleBuilder builder = new BundleBuilder()) {
            builder.putFile("usr/bin/tool", 0755, 1, 2, 3, new ByteArrayInputStream("content".getBytes()));
            builder.putLink("bin", "usr/bin");
            digest = builder.write(file);
        }
        try (Bundle bundle = Bundle.open(file)) {
            assertThat(bundle.digest()).isEqualTo(digest);
            assertThat(Walk.read(bundle.root(), "/bin/tool", 100)).asString(StandardCharsets.US_ASCII).isEqualTo("content");
            assertThat(Walk.resolve(bundle.root(), "usr/bin/tool").attributes().mode()).isEqualTo(0100755);
        }
    }

    @Test
    void aChangedContentReadsAsAnInputOutputError() throws IOException {
        Path file = folder.resolve("bundle");
        try (BundleBuilder builder = new BundleBuilder()) {
            builder.putFile("etc/a", "AAAA".getBytes());
            builder.write(file);
        }
        Path changed = folder.resolve("changed");
        try (ZipFile from = new ZipFile(file.toFile()); ZipOutputStream to = new ZipOutputStream(Files.newOutputStream(changed))) {
            for (ZipEntry entry : Collections.list(from.entries())) {
                to.putNextEntry(new ZipEntry(entry.getName()));
                to.write(entry.getName().startsWith(Bundle.CONTENTS) ? "BBBB".getBytes() : from.getInputStream(entry).readAllBytes());
            }
        }
        try (Bundle bundle = Bundle.open(changed)) {
            RegularFile node = (RegularFile) Walk.resolve(bundle.root(), "etc/a");
            assertThatThrownBy(node::open).isInstanceOfSatisfying(VfsException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EIO));
        }
    }

    @Test
    void whatIsNoBundleIsSaidSo() throws IOException {
        Path text = Files.writeString(folder.resolve("text"), "no");
        assertThatThrownBy(() -> Bundle.open(text)).isInstanceOf(BundleException.class).hasMessageContaining("scwatcher bundle build");
        Path empty = folder.resolve("empty");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(empty))) {
            zip.putNextEntry(new ZipEntry("x"));
        }
        assertThatThrownBy(() -> Bundle.open(empty)).isInstanceOf(BundleException.class).hasMessageContaining("is not a bundle");
    }

    @Test
    void layersDeleteWhatTheyWhiteOut() throws IOException {
        try (BundleBuilder builder = new BundleBuilder()) {
            TarSource.add(tar("etc/a", "etc/keep/b", "opt/x/y"), TarSource.Kind.LAYER, path -> true, builder);
            TarSource.add(tar("etc/.wh.a", "opt/.wh..wh..opq", "opt/z"), TarSource.Kind.LAYER, path -> true, builder);
            assertThat(builder.get("etc/a")).isNull();
            assertThat(builder.get("etc/keep/b")).isNotNull();
            assertThat(builder.get("opt/x/y")).isNull();
            assertThat(builder.get("opt/z")).isNotNull();
        }
    }

    @Test
    void packagesUnpackThroughLinks() throws IOException {
        try (BundleBuilder builder = new BundleBuilder()) {
            builder.putLink("bin", "usr/bin");
            TarSource.add(tar("./bin/ps"), TarSource.Kind.PACKAGE, path -> true, builder);
            assertThat(builder.get("usr/bin/ps").type()).isEqualTo(Type.FILE);
            assertThat(builder.get("bin").type()).isEqualTo(Type.LINK);
        }
    }

    @Test
    void pathsThatLeaveTheArchiveAreRefused() throws IOException {
        try (BundleBuilder builder = new BundleBuilder()) {
            assertThatThrownBy(() -> TarSource.add(tar("a/../../b"), TarSource.Kind.LAYER, path -> true, builder)).isInstanceOf(BundleException.class);
        }
    }

    @Test
    void theAlternativeOfHighestPriorityWins() throws IOException {
        PackageScripts scripts = new PackageScripts();
        scripts.read(control("update-alternatives --install /usr/bin/awk awk /usr/bin/mawk 5 \\\n --slave /usr/bin/nawk nawk /usr/bin/mawk"));
        scripts.read(control("update-alternatives --quiet --install /usr/bin/awk awk /usr/bin/gawk 10"));
        scripts.read(control("update-alternatives --install /usr/bin/awk awk /usr/bin/absent 99"));
        try (BundleBuilder builder = new BundleBuilder()) {
            builder.put(new Entry("usr/bin/mawk", Type.LINK, 0777, 0, 0, 0, 0, "x"));
            builder.put(new Entry("usr/bin/gawk", Type.LINK, 0777, 0, 0, 0, 0, "x"));
            scripts.finish(builder);
            assertThat(builder.get("usr/bin/awk").content()).isEqualTo("/etc/alternatives/awk");
            assertThat(builder.get("etc/alternatives/awk").content()).isEqualTo("/usr/bin/gawk");
        }
    }

    private static java.io.InputStream control(String script) throws IOException {
        return tarOf("./postinst", script);
    }

    private static java.io.InputStream tar(String... names) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream out = new TarArchiveOutputStream(bytes)) {
            for (String name : names) {
                TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_NORMAL);
                out.putArchiveEntry(entry);
                out.closeArchiveEntry();
            }
        }
        return new ByteArrayInputStream(bytes.toByteArray());
    }

    private static java.io.InputStream tarOf(String name, String content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream out = new TarArchiveOutputStream(bytes)) {
            TarArchiveEntry entry = new TarArchiveEntry(name);
            entry.setSize(content.length());
            out.putArchiveEntry(entry);
            out.write(content.getBytes(StandardCharsets.US_ASCII));
            out.closeArchiveEntry();
        }
        return new ByteArrayInputStream(bytes.toByteArray());
    }
}
