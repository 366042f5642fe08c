package io.scwatcher.os.fs.lock;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class FileLocksTest {
    private final FileLocks locks = new FileLocks();
    private final Object a = "a";
    private final Object b = "b";

    private int lock(Object owner, boolean exclusive, long start, long end) {
        return locks.lock(new RangeLock(owner, 1, exclusive, start, end));
    }

    private void unlock(Object owner, long start, long end) {
        locks.unlock(new RangeLock(owner, 1, false, start, end));
    }

    @Test
    void sharesReadersAndExcludesWriters() {
        assertThat(lock(a, false, 0, 9)).isZero();
        assertThat(lock(b, false, 5, 15)).isZero();
        assertThat(lock(b, true, 9, 20)).isEqualTo(-11);
        assertThat(lock(b, true, 10, 20)).isZero();
        assertThat(lock(a, true, 0, 4)).isZero();
        assertThat(lock(a, true, 0, 5)).isEqualTo(-11);
    }

    @Test
    void splitsAndJoins() {
        lock(a, true, 0, Long.MAX_VALUE);
        unlock(a, 10, 19);
        assertThat(lock(b, true, 10, 19)).isZero();
        assertThat(lock(b, true, 9, 9)).isEqualTo(-11);
        assertThat(lock(b, true, 20, 20)).isEqualTo(-11);
        locks.release(a);
        assertThat(lock(b, true, 0, Long.MAX_VALUE)).isZero();
    }

    @Test
    void agreesWithAByteMap() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int[][] model = new int[2][64];
        for (int step = 0; step < 20_000; step++) {
            int who = random.nextInt(2);
            int start = random.nextInt(64);
            int end = start + random.nextInt(64 - start);
            int kind = random.nextInt(3);
            boolean free = true;
            for (int i = start; i <= end; i++) {
                int other = model[1 - who][i];
                free &= kind == 0 || other == 0 || kind == 1 && other == 1;
            }
            if (kind == 0) {
                unlock(who == 0 ? a : b, start, end);
            } else {
                int result = lock(who == 0 ? a : b, kind == 2, start, end);
                assertThat(result == 0).as("seed %d step %d", seed, step).isEqualTo(free);
            }
            if (free) {
                for (int i = start; i <= end; i++) {
                    model[who][i] = kind;
                }
            }
        }
    }

    @Test
    void findsDeadlocks() {
        assertThat(FileLocks.waitFor(a, b)).isTrue();
        assertThat(FileLocks.waitFor(b, "c")).isTrue();
        assertThat(FileLocks.waitFor("c", a)).isFalse();
        FileLocks.waited(b);
        assertThat(FileLocks.waitFor("c", a)).isTrue();
        FileLocks.waited(a);
        FileLocks.waited("c");
    }

    @Test
    void locksWholeFiles() {
        assertThat(locks.lockWhole(a, false)).isZero();
        assertThat(locks.lockWhole(b, false)).isZero();
        assertThat(locks.lockWhole(a, true)).isEqualTo(-11);
        // the failed conversion gave up what there was
        assertThat(locks.lockWhole(b, true)).isZero();
        locks.unlockWhole(b);
        assertThat(locks.lockWhole(a, true)).isZero();
        assertThat(locks.lockWhole(b, false)).isEqualTo(-11);
        locks.release(a);
        assertThat(locks.lockWhole(b, false)).isZero();
    }
}
