package io.scwatcher.testbed.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scwatcher.testbed.TestbedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheTest {
    @Test
    void buildsAnEntryOnceForAllWhoWantIt(@TempDir Path directory) throws Exception {
        AtomicInteger builds = new AtomicInteger();
        Callable<Path> want = () -> new Cache(directory).entry("a/b", empty -> {
            builds.incrementAndGet();
            Files.writeString(empty.resolve("file"), "content");
        });
        List<Future<Path>> all = new ArrayList<>();
        try (var threads = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < 32; i++) {
                all.add(threads.submit(want));
            }
        }
        for (Future<Path> one : all) {
            assertThat(one.get().resolve("file")).hasContent("content");
        }
        assertThat(builds).hasValue(1);
    }

    @Test
    void leavesNothingBehindWhenBuildingFails(@TempDir Path directory) throws IOException {
        Cache cache = new Cache(directory);
        assertThatThrownBy(() -> cache.entry("x/y", empty -> {
            Files.writeString(empty.resolve("half"), "");
            throw new IOException("disk full");
        })).isInstanceOf(TestbedException.class).hasMessageContaining("disk full");
        try (Stream<Path> left = Files.list(directory.resolve("x"))) {
            assertThat(left).isEmpty();
        }
        assertThat(cache.entry("x/y", empty -> { })).isDirectory();
    }

    @Test
    void digestsTellListsApart() {
        assertThat(Cache.digest(List.of("ab", "c"))).isNotEqualTo(Cache.digest(List.of("a", "bc")))
                .isEqualTo(Cache.digest(List.of("ab", "c"))).hasSize(16);
    }
}
