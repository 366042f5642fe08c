package io.scwatcher.vprocfs.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.symbol.Symbol;
import io.scwatcher.kernel.system.GeneratedSymbols;
import io.scwatcher.kernel.system.ModuleSymbols;
import io.scwatcher.kernel.system.Modules;
import io.scwatcher.vprocfs.ProcText;
import io.scwatcher.vprocfs.SystemFile;

/** /proc/kallsyms as root reads it: the kernel, its modules, then generated code (kernel/kallsyms.c, {@code s_show}). */
final class KallsymsFile implements SystemFile {
    @Override
    public void print(Kernel kernel, ProcText out) {
        kernel.symbols().all().filter(symbol -> !symbol.name().isEmpty()).forEach(symbol -> print(symbol, out));
        Modules modules = new Modules(kernel);
        ModuleSymbols symbols = new ModuleSymbols(kernel);
        for (KObject module : modules.all()) {
            String name = modules.name(module);
            symbols.forEach(module, symbol -> print(symbol.address(), symbol.exported()
                    ? Character.toUpperCase(symbol.type()) : Character.toLowerCase(symbol.type()), symbol.name(), name,
                    out));
        }
        for (GeneratedSymbols.Entry entry : new GeneratedSymbols(kernel).all()) {
            print(entry.address(), entry.type(), entry.name(), entry.module(), out);
        }
    }

    private static void print(Symbol symbol, ProcText out) {
        out.hex(symbol.address(), 16).put(' ').put(symbol.type()).put(' ').put(symbol.name()).put('\n');
    }

    private static void print(long address, char type, String name, String module, ProcText out) {
        out.hex(address, 16).put(' ').put(type).put(' ').put(name).put("\t[").put(module).put("]\n");
    }
}
