package io.scwatcher.os.fs;

import io.scwatcher.cpu.memory.Backing;
import io.scwatcher.cpu.memory.Frame;
import io.scwatcher.vfs.RegularFile;
import java.lang.ref.SoftReference;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The pages of a regular file that does not change, read when they are first asked for and kept as long as memory lasts. A file that implements {@link Backing} by
 * one object of this class shares its pages, and the code decoded from them, among all layers.
 */
public final class FileFrames implements Backing {
    private final RegularFile file;
    private final ConcurrentHashMap<Long, SoftReference<Frame>> frames = new ConcurrentHashMap<>();
    private RegularFile.OpenFile open;

    public FileFrames(RegularFile file) {
        this.file = file;
    }

    @Override
    public Frame frame(long index) {
        SoftReference<Frame> known = frames.get(index);
        Frame frame = known == null ? null : known.get();
        return frame != null ? frame : load(index);
    }

    private synchronized Frame load(long index) {
        SoftReference<Frame> known = frames.get(index);
        Frame frame = known == null ? null : known.get();
        if (frame != null) {
            return frame;
        }
        if (open == null) {
            open = file.open();
        }
        frame = new Frame();
        if (open.read(index << 12, frame.bytes, 0, Frame.SIZE) <= 0) {
            return null;
        }
        frames.put(index, new SoftReference<>(frame));
        return frame;
    }
}
