package io.scwatcher.vprocfs.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.fs.OpenFile;
import io.scwatcher.kernel.fs.Path;
import io.scwatcher.kernel.fs.Paths;
import io.scwatcher.kernel.fs.TaskFs;
import io.scwatcher.kernel.system.SwapAreas;
import io.scwatcher.kernel.task.Tasks;
import io.scwatcher.kernel.task.Task;
import io.scwatcher.vprocfs.ProcText;
import io.scwatcher.vprocfs.SystemFile;

/** /proc/swaps (mm/swapfile.c, {@code swap_show}), the paths as init sees them. */
final class SwapsFile implements SystemFile {
    private static final int S_IFMT = 0170000;
    private static final int S_IFBLK = 0060000;
    private static final int KB_PER_PAGE = 4;
    private static final long WIDE = 10_000_000;

    @Override
    public void print(Kernel kernel, ProcText out) {
        out.put("Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n");
        SwapAreas swap = new SwapAreas(kernel);
        for (KObject area : swap.all()) {
            KObject file = area.ptr("swap_file");
            if (!file.isNull() && swap.isUsed(area)) {
                print(kernel, swap, area, new OpenFile(file), out);
            }
        }
    }

    private static void print(Kernel kernel, SwapAreas swap, KObject area, OpenFile file, ProcText out) {
        Task init = Tasks.byPid(kernel, 1);
        Path root = init == null ? file.path() : TaskFs.root(init);
        int before = out.size();
        out.escaped(Paths.of(file.path(), root), " \t\n");
        int length = out.size() - before;
        out.pad(length < 40 ? 40 - length : 1, ' ');
        boolean isDevice = (file.inode().get("i_mode") & S_IFMT) == S_IFBLK;
        out.put(isDevice ? "partition\t" : "file\t\t");
        long size = area.get("pages") * KB_PER_PAGE;
        long used = swap.used(area) * KB_PER_PAGE;
        out.unsigned(size).put('\t').put(size < WIDE ? "\t" : "");
        out.unsigned(used).put('\t').put(used < WIDE ? "\t" : "").dec(area.getInt("prio")).put('\n');
    }
}
