package io.scwatcher.vprocfs.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.system.Modules;
import io.scwatcher.vprocfs.ProcText;
import io.scwatcher.vprocfs.SystemFile;
import java.util.List;

/** /proc/modules as root reads it (kernel/module/procfs.c, {@code m_show}). */
final class ModulesFile implements SystemFile {
    @Override
    public void print(Kernel kernel, ProcText out) {
        Modules modules = new Modules(kernel);
        for (KObject module : modules.all()) {
            out.put(modules.name(module)).put(' ').unsigned(modules.size(module));
            printUse(modules, module, out);
            out.put(modules.isGoing(module) ? " Unloading" : modules.isComing(module) ? " Loading" : " Live");
            out.put(" 0x").hex(modules.base(module), 16);
            if (module.get("taints") != 0) {
                out.put(" (").put(modules.taintLetters(module));
                out.put(modules.isGoing(module) ? "-" : modules.isComing(module) ? "+" : "").put(')');
            }
            out.put('\n');
        }
    }

    /** {@code print_unload_info}. */
    private static void printUse(Modules modules, KObject module, ProcText out) {
        if (!modules.countsReferences()) {
            out.put(" - -");
            return;
        }
        out.put(' ').dec(modules.references(module)).put(' ');
        List<String> users = modules.users(module);
        for (String user : users) {
            out.put(user).put(',');
        }
        if (modules.isPermanent(module)) {
            out.put("[permanent],");
        } else if (users.isEmpty()) {
            out.put('-');
        }
    }
}
