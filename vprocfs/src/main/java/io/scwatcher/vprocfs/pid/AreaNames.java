package io.scwatcher.vprocfs.pid;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.fs.OpenFile;
import io.scwatcher.kernel.fs.Paths;
import io.scwatcher.kernel.mm.Mm;
import io.scwatcher.kernel.mm.Vma;
import io.scwatcher.kernel.symbol.Symbol;
import io.scwatcher.kernel.task.KernelTraits;
import java.util.HashMap;
import java.util.Map;

/** What mapped areas are called: fs/proc/task_mmu.c {@code get_vma_name}. */
final class AreaNames {
    private static final int MM_CONTEXT_HAS_VSYSCALL = 1;
    private static final int VSYSCALL_MODE_NONE = 2;

    private final TaskView view;
    private final Mm mm;
    private final long brk;
    private final long startBrk;
    private final long startStack;
    private final boolean strictHeap;
    private final Map<Long, String> paths = new HashMap<>();

    AreaNames(TaskView view, Mm mm) {
        this.view = view;
        this.mm = mm;
        brk = mm.get("brk");
        startBrk = mm.get("start_brk");
        startStack = mm.get("start_stack");
        // An area that only touches the heap was called heap until 6.6; shared anonymous names came shortly before.
        strictHeap = KernelTraits.hasText(view.kernel(), "[anon_shmem:%s]", "show_map_vma", "get_vma_name");
    }

    /** The name, or null. */
    String of(Vma area) {
        KObject file = area.file();
        if (!file.isNull()) {
            // Until 6.1 the member is shared with something else where there is a file.
            String shared = strictHeap ? area.anonymousName() : null;
            return shared != null ? "[anon_shmem:" + shared + "]" : path(file);
        }
        String special = specialName(area);
        if (special != null) {
            return special;
        }
        if (area.object().get("vm_mm") == 0) {
            return "[vdso]";
        }
        if (isHeap(area.start(), area.end())) {
            return "[heap]";
        }
        if (isStack(area)) {
            return "[stack]";
        }
        String given = area.anonymousName();
        return given == null ? null : "[anon:" + given + "]";
    }

    boolean isHeap(long start, long end) {
        return strictHeap ? start < brk && end > startBrk : start <= brk && end >= startBrk;
    }

    boolean isStack(Vma area) {
        return area.start() <= startStack && area.end() >= startStack;
    }

    /** The path of a mapped file, as the reader sees it. */
    String path(KObject file) {
        return paths.computeIfAbsent(file.address(),
                address -> PathText.escape(Paths.of(new OpenFile(file).userPath(), view.root()), "\n"));
    }

    static KObject inode(KObject file) {
        return new OpenFile(file).userInode();
    }

    /** {@code vm_ops->name}: the vDSO, its data and whatever else the kernel maps by itself. */
    private static String specialName(Vma area) {
        KObject operations = area.object().ptr("vm_ops");
        if (operations.isNull() || operations.get("name") == 0) {
            return null;
        }
        Symbol maker = area.object().kernel().symbols().containing(operations.get("name"));
        if (maker == null || !maker.name().equals("special_mapping_name")) {
            return null;
        }
        KObject mapping = area.object().kernel().at(area.object().get("vm_private_data"), "vm_special_mapping");
        return mapping.isNull() ? null : mapping.string("name", 64);
    }

    /** {@code get_gate_vma} (arch/x86/entry/vsyscall/vsyscall_64.c): the page of the old system calls, or null. */
    Vma gate() {
        Kernel kernel = mm.kernel();
        boolean described = kernel.symbols().has("gate_vma") && kernel.symbols().has("vsyscall_mode");
        if (!described || kernel.memory().u32(kernel.address("vsyscall_mode")) == VSYSCALL_MODE_NONE) {
            return null;
        }
        if (mm.object().has("context.flags") && (mm.get("context.flags") >> MM_CONTEXT_HAS_VSYSCALL & 1) == 0) {
            return null;
        }
        return new Vma(kernel.object("gate_vma", "vm_area_struct"));
    }
}
