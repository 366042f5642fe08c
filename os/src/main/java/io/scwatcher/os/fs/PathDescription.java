package io.scwatcher.os.fs;

/** What O_PATH opens: a place in the tree, without access to what is there. */
final class PathDescription extends FileDescription {
    PathDescription(Location location, int flags) {
        super(location, flags);
    }

    @Override
    public FileStatus status() {
        return location().inode().status();
    }
}
