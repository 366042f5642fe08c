package io.scwatcher.kernel.task;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TaskStateTest {
    private static final int NOLOAD = 0x400;
    private static final int ZOMBIE = 0x20;

    @Test
    void givesTheLettersOfPs() {
        assertThat(TaskState.of(0, 0, true).letter()).isEqualTo('R');
        assertThat(TaskState.of(1, 0, true).letter()).isEqualTo('S');
        assertThat(TaskState.of(2, 0, true).letter()).isEqualTo('D');
        assertThat(TaskState.of(4, 0, true).letter()).isEqualTo('T');
        assertThat(TaskState.of(8, 0, true).letter()).isEqualTo('t');
        assertThat(TaskState.of(0x40, 0, true).letter()).isEqualTo('P');
        assertThat(TaskState.of(0x80, ZOMBIE, true).letter()).isEqualTo('Z');
    }

    @Test
    void tellsIdleKernelThreadsFromThoseThatWaitForADisk() {
        assertThat(TaskState.of(2 | NOLOAD, 0, false)).isEqualTo(TaskState.IDLE);
        assertThat(TaskState.of(2 | NOLOAD | 0x2000, 0, true)).isEqualTo(TaskState.IDLE);
        assertThat(TaskState.of(2 | NOLOAD | 0x2000, 0, false)).as("before 5.14 only the exact value")
                .isEqualTo(TaskState.DISK_SLEEP);
    }

    @Test
    void reportsFrozenTasksAsUninterruptible() {
        assertThat(TaskState.of(0x8000, 0, true)).isEqualTo(TaskState.DISK_SLEEP);
    }
}
