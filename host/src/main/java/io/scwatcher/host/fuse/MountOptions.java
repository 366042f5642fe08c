package io.scwatcher.host.fuse;

/**
 * How a tree is mounted. Always read only, without set-user-id and devices.
 *
 * @param source what mount(8) and df(1) show as the file system
 * @param everyone whether users other than the mounter may look in, held to the modes of the files (needs root)
 */
public record MountOptions(String source, boolean everyone) {
    /** For the mounter alone, whatever modes the files have. */
    public static MountOptions ofSource(String source) {
        return new MountOptions(source, false);
    }

    public MountOptions forEveryone() {
        return new MountOptions(source, true);
    }
}
