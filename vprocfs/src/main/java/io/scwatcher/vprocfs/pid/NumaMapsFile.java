package io.scwatcher.vprocfs.pid;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.fs.OpenFile;
import io.scwatcher.kernel.fs.Paths;
import io.scwatcher.kernel.mm.Mm;
import io.scwatcher.kernel.mm.PageFrames;
import io.scwatcher.kernel.mm.PageTable;
import io.scwatcher.kernel.mm.Vma;
import io.scwatcher.vprocfs.ProcText;
import io.scwatcher.vprocfs.mount.MemoryPolicy;
import java.util.Map;
import java.util.TreeMap;

/** /proc/PID/numa_maps: fs/proc/task_mmu.c {@code show_numa_map}. In pages. */
final class NumaMapsFile {
    private NumaMapsFile() {}

    static void print(TaskView view, ProcText out) {
        view.requireAlive();
        Mm mm = view.mm();
        if (mm == null) {
            return;
        }
        AreaNames names = new AreaNames(view, mm);
        PageTable table = new PageTable(mm);
        PageFrames frames = new PageFrames(view.kernel());
        for (Vma area : mm.areas()) {
            Counts counts = new Counts();
            boolean huge = area.has(Vma.VM_HUGETLB);
            table.walk(area.start(), area.end(), entry -> counts.add(entry, huge, frames));
            KObject policy = area.object().has("vm_policy") ? area.object().ptr("vm_policy") : null;
            if (policy == null || policy.isNull()) {
                policy = view.object().ptr("mempolicy");
            }
            out.hex(area.start(), 8).put(' ').put(MemoryPolicy.text(policy));
            KObject file = area.file();
            if (!file.isNull()) {
                out.put(" file=").put(PathText.escape(Paths.of(new OpenFile(file).userPath(), view.root()), "\n\t= "));
            } else if (names.isHeap(area.start(), area.end())) {
                out.put(" heap");
            } else if (names.isStack(area)) {
                out.put(" stack");
            }
            out.put(huge ? " huge" : "");
            counts.print(area, out);
            out.put('\n');
        }
    }

    private static final class Counts {
        private long pages;
        private long anonymous;
        private long dirty;
        private long inSwapCache;
        private long active;
        private long writtenBack;
        private int mostMappings;
        private final Map<Integer, Long> byNode = new TreeMap<>();

        void add(PageTable.Entry entry, boolean huge, PageFrames frames) {
            if (!entry.isPresent() || entry.isSpecial()) {
                return;
            }
            PageFrames.Frame frame = frames.at(entry.physical());
            if (frame.has("PG_reserved")) {
                return;
            }
            long count = huge ? 1 : entry.size() / PageTable.PAGE_SIZE;
            pages += count;
            dirty += entry.isDirty() || frame.has("PG_dirty") ? count : 0;
            inSwapCache += frame.has("PG_swapcache") && frame.has("PG_swapbacked") ? count : 0;
            active += frame.has("PG_active") || frame.has("PG_unevictable") ? count : 0;
            writtenBack += frame.has("PG_writeback") ? count : 0;
            anonymous += frame.isAnonymous() ? count : 0;
            mostMappings = Math.max(mostMappings, frame.mappings());
            byNode.merge(frame.node(), count, Long::sum);
        }

        void print(Vma area, ProcText out) {
            if (pages == 0) {
                return;
            }
            number(" anon=", anonymous, out);
            number(" dirty=", dirty, out);
            number(" mapped=", pages != anonymous && pages != dirty ? pages : 0, out);
            number(" mapmax=", mostMappings > 1 ? mostMappings : 0, out);
            number(" swapcache=", inSwapCache, out);
            if (active < pages && !area.has(Vma.VM_HUGETLB)) {
                out.put(" active=").unsigned(active);
            }
            number(" writeback=", writtenBack, out);
            byNode.forEach((node, count) -> out.put(" N").dec(node).put('=').unsigned(count));
            out.put(" kernelpagesize_kB=").unsigned(area.pageSize() >>> 10);
        }

        private static void number(String title, long value, ProcText out) {
            if (value != 0) {
                out.put(title).unsigned(value);
            }
        }
    }
}
