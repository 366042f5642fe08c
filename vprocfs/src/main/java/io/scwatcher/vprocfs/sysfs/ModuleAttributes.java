package io.scwatcher.vprocfs.sysfs;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.fs.KernfsNode;
import io.scwatcher.kernel.system.FunctionNames;
import io.scwatcher.kernel.system.Modules;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.VfsException;
import io.scwatcher.vprocfs.ProcText;
import io.scwatcher.vprocfs.sysfs.SysfsFiles.Printer;
import java.util.Map;

/** What modules say below /sys/module (kernel/module/main.c, kernel/params.c). */
final class ModuleAttributes {
    private static final int LONGEST = 1024;

    private ModuleAttributes() {}

    static void enter(Map<String, Printer> table) {
        table.put("module/*/coresize", (file, out) -> out.unsigned(new Modules(kernel(file)).size(module(file))).put('\n'));
        table.put("module/*/refcnt", (file, out) -> out.dec(new Modules(kernel(file)).references(module(file))).put('\n'));
        table.put("module/*/taint", (file, out) -> out.put(new Modules(kernel(file)).taintLetters(module(file))).put('\n'));
        table.put("module/*/initstate", (file, out) -> {
            Modules modules = new Modules(kernel(file));
            out.put(modules.isGoing(module(file)) ? "going\n" : modules.isComing(module(file)) ? "coming\n" : "live\n");
        });
        for (String text : new String[] {"version", "srcversion"}) {
            table.put("module/*/" + text, (file, out) -> out.put(isBuiltIn(file)
                    ? file.object().kernel().at(file.data(), "module_version_attribute").string("version", LONGEST)
                    : module(file).string(text, LONGEST)).put('\n'));
        }
    }

    /** {@code param_attr_show} with the getters of kernel/params.c; null if the parameter's getter is another. */
    static Printer parameter(KernfsNode file) {
        KObject parameter = file.object().kernel().at(file.data(), "param_attribute").ptr("param");
        String getter = new FunctionNames(kernel(file)).name(parameter.ptr("ops").get("get"));
        return switch (getter) {
            case "param_get_bool", "param_get_invbool" -> (of, out) ->
                    out.put((byteAt(parameter) != 0) == getter.equals("param_get_bool") ? "Y\n" : "N\n");
            case "param_get_byte" -> (of, out) -> out.unsigned(byteAt(parameter)).put('\n');
            case "param_get_short" -> (of, out) -> out.dec((short) parameter.memory().u16(parameter.get("arg"))).put('\n');
            case "param_get_ushort" -> (of, out) -> out.unsigned(parameter.memory().u16(parameter.get("arg"))).put('\n');
            case "param_get_int" -> (of, out) -> out.dec((int) parameter.memory().u32(parameter.get("arg"))).put('\n');
            case "param_get_uint" -> (of, out) -> out.unsigned(parameter.memory().u32(parameter.get("arg"))).put('\n');
            case "param_get_hexint" -> (of, out) -> hexadecimal(parameter.memory().u32(parameter.get("arg")), out);
            case "param_get_long" -> (of, out) -> out.dec(parameter.memory().u64(parameter.get("arg"))).put('\n');
            case "param_get_ulong", "param_get_ullong" -> (of, out) -> out.unsigned(parameter.memory().u64(parameter.get("arg"))).put('\n');
            case "param_get_charp" -> (of, out) -> out.put(behind(parameter)).put('\n');
            case "param_get_string" -> (of, out) -> {
                KObject text = parameter.ptr("str");
                out.put(parameter.memory().string(text.get("string"), (int) Math.clamp(text.get("maxlen"), 0, LONGEST))).put('\n');
            };
            default -> null;
        };
    }

    private static String behind(KObject parameter) {
        long text = parameter.memory().u64(parameter.get("arg"));
        return text == 0 ? "(null)" : parameter.memory().string(text, LONGEST);
    }

    private static int byteAt(KObject parameter) {
        return parameter.memory().u8(parameter.get("arg"));
    }

    /** {@code %#08x}: the digits with their mark take eight columns. */
    private static void hexadecimal(long value, ProcText out) {
        out.put("0x").hex(value, 6).put('\n');
    }

    private static Kernel kernel(KernfsNode file) {
        return file.object().kernel();
    }

    /** What is built in has no {@code struct module}, but may have a version. */
    private static boolean isBuiltIn(KernfsNode file) {
        return kernel(file).at(file.parent().data(), "kobject").containerOf("module_kobject", "kobj").get("mod") == 0;
    }

    /** The {@code struct module} of whose {@code struct module_kobject} the file is. */
    private static KObject module(KernfsNode file) {
        KObject module = kernel(file).at(file.parent().data(), "kobject").containerOf("module_kobject", "kobj").ptr("mod");
        if (module.isNull()) {
            throw new VfsException(Errno.EIO);
        }
        return module;
    }
}
