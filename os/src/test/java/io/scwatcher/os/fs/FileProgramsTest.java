package io.scwatcher.os.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.os.NativeAndLayer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The C programs about files: the same natively and in the layer. */
class FileProgramsTest {
    @ParameterizedTest
    @ValueSource(strings = {"fs_paths", "fs_files", "fs_directories", "fs_pipes", "fs_poll", "fs_locks", "fs_proc", "fs_pointers", "fs_inotify", "fs_stress"})
    void printsTheSame(String program) {
        assertThat(NativeAndLayer.differences(program)).isEmpty();
    }
}
