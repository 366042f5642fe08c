/** The narrow file-system interface that everything mounts through. */
module io.scwatcher.vfs {
    exports io.scwatcher.vfs;
    exports io.scwatcher.vfs.tree;
}
