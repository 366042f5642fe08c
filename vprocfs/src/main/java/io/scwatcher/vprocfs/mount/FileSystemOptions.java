package io.scwatcher.vprocfs.mount;

import io.scwatcher.kernel.KObject;
import io.scwatcher.vprocfs.ProcText;

/** What a file system tells of its mount options, each option with a comma in front: {@code s_op->show_options}. */
@FunctionalInterface
interface FileSystemOptions {
    /**
     * @param superBlock the {@code struct super_block}
     * @param root the {@code struct dentry} that is the mount's root
     */
    void print(KObject superBlock, KObject root, ProcText out);
}
