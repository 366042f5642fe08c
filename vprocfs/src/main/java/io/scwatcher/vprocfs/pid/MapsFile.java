package io.scwatcher.vprocfs.pid;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.mm.Mm;
import io.scwatcher.kernel.mm.Vma;
import io.scwatcher.vprocfs.ProcText;

/** /proc/PID/maps: fs/proc/task_mmu.c {@code show_map_vma}. */
final class MapsFile implements TaskFile {
    private static final int PAGE_SHIFT = 12;
    /** {@code seq_setwidth}, {@code seq_pad}: names follow a blank behind this column. */
    private static final int NAME_COLUMN = 25 + Long.BYTES * 6 - 1;
    private static final int MINOR_BITS = 20;

    @Override
    public void print(TaskView view, ProcText out) {
        view.requireAlive();
        Mm mm = view.mm();
        if (mm == null) {
            return;
        }
        AreaNames names = new AreaNames(view, mm);
        for (Vma area : mm.areas()) {
            line(area, names, out);
        }
        Vma gate = names.gate();
        if (gate != null) {
            gate(gate, out);
        }
    }

    /** One line. */
    static void line(Vma area, AreaNames names, ProcText out) {
        KObject file = area.file();
        if (file.isNull()) {
            header(area, 0, 0, 0, names.of(area), out);
        } else {
            KObject node = AreaNames.inode(file);
            header(area, area.pageOffset() << PAGE_SHIFT, node.ptr("i_sb").get("s_dev"), node.get("i_ino"),
                    names.of(area), out);
        }
    }

    /** The page of the old system calls. */
    static void gate(Vma gate, ProcText out) {
        header(gate, 0, 0, 0, "[vsyscall]", out);
    }

    /** The only header of smaps_rollup. */
    static void rollup(long start, long end, ProcText out) {
        int from = out.size();
        prefix(start, end, 0, 0, out);
        out.put("00:00 0 ").pad(from + NAME_COLUMN - out.size(), ' ').put(" [rollup]\n");
    }

    private static void header(Vma area, long offset, long device, long inode, String name, ProcText out) {
        int start = out.size();
        prefix(area.start(), area.end(), area.flags(), offset, out);
        out.hex(device >>> MINOR_BITS, 2).put(':').hex(device & (1 << MINOR_BITS) - 1, 2).put(' ').unsigned(inode).put(' ');
        if (name != null) {
            out.pad(start + NAME_COLUMN - out.size(), ' ').put(' ').put(name);
        }
        out.put('\n');
    }

    private static void prefix(long start, long end, long flags, long offset, ProcText out) {
        out.hex(start, 8).put('-').hex(end, 8).put(' ');
        out.put((flags & Vma.VM_READ) != 0 ? 'r' : '-').put((flags & Vma.VM_WRITE) != 0 ? 'w' : '-');
        out.put((flags & Vma.VM_EXEC) != 0 ? 'x' : '-').put((flags & Vma.VM_MAYSHARE) != 0 ? 's' : 'p');
        out.put(' ').hex(offset, 8).put(' ');
    }
}
