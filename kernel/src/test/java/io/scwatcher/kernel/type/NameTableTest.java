package io.scwatcher.kernel.type;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class NameTableTest {
    private final NameTable<Integer> table = new NameTable<>();

    @Test
    void findsEachNameAlsoByAnEqualOne() {
        assertThat(table.get("n0")).isNull();
        for (int i = 0; i < 1000; i++) {
            table.put("n" + i, i);
        }
        for (int i = 0; i < 1000; i++) {
            assertThat(table.get("n" + i)).isEqualTo(i);
        }
        assertThat(table.get("n1000")).isNull();
        assertThat(table.get("")).isNull();
    }

    @Test
    void tellsNamesOfOneHashApart() {
        assertThat("Aa".hashCode()).isEqualTo("BB".hashCode());
        table.put("Aa", 1);
        assertThat(table.get("BB")).isNull();
        table.put("BB", 2);
        assertThat(table.get("Aa")).isEqualTo(1);
        assertThat(table.get("BB")).isEqualTo(2);
    }

    @Test
    void theFirstValueOfANameStays() {
        table.put("pid", 1);
        table.put("pid", 2);
        assertThat(table.get("pid")).isEqualTo(1);
    }

    @Test
    void severalThreadsSeeNothingOrTheRightValue() throws InterruptedException {
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (int thread = 0; thread < 4; thread++) {
                threads.submit(() -> {
                    for (int i = 0; i < 5000; i++) {
                        table.put("n" + i, i);
                    }
                });
                threads.submit(() -> {
                    for (int i = 0; i < 5000; i++) {
                        Integer seen = table.get("n" + i);
                        if (seen != null && seen != i) {
                            table.put("wrong", i);
                        }
                    }
                });
            }
            threads.shutdown();
            assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(table.get("wrong")).isNull();
        for (int i = 0; i < 5000; i++) {
            assertThat(table.get("n" + i)).isEqualTo(i);
        }
    }
}
