package io.scwatcher.kernel.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.collection.Lists;
import java.util.ArrayList;
import java.util.List;

/** Code made at run time that /proc/kallsyms names behind the modules: ftrace's, BPF's and kprobes' (kernel/kallsyms.c). */
public final class GeneratedSymbols {
    private static final int NAME_LIMIT = 512;

    private final Kernel kernel;
    private final Variables variables;

    public GeneratedSymbols(Kernel kernel) {
        this.kernel = kernel;
        this.variables = new Variables(kernel);
    }

    /** One symbol, with what stands in brackets as its module. */
    public record Entry(long address, char type, String name, String module) {}

    /** All in the order of /proc/kallsyms. */
    public List<Entry> all() {
        List<Entry> entries = new ArrayList<>();
        addFunctionsOfFreedModules(entries);
        addTrampolines(entries);
        addBpf(entries);
        addProbes("kprobe_insn_slots", entries);
        addProbes("kprobe_optinsn_slots", entries);
        return entries;
    }

    /**
     * {@code ftrace_mod_get_kallsym}: init functions that were traced before they were freed. The kernel's index starts
     * from one instead of zero, so that the first comes twice and the last not at all.
     */
    private void addFunctionsOfFreedModules(List<Entry> entries) {
        if (!variables.has("ftrace_mod_maps")) {
            return;
        }
        for (KObject map : Lists.list(kernel.object("ftrace_mod_maps", "list_head"), "ftrace_mod_map", "list")) {
            String module = map.ptr("mod").string("name", NAME_LIMIT);
            List<Entry> functions = new ArrayList<>();
            for (KObject function : Lists.list(map.at("funcs"), "ftrace_mod_func", "list")) {
                functions.add(new Entry(function.get("ip"), 'T', function.string("name", NAME_LIMIT), module));
            }
            for (int i = 0; i < functions.size(); i++) {
                entries.add(functions.get(Math.max(0, i - 1)));
            }
        }
    }

    /** {@code ftrace_get_trampoline_kallsym}. */
    private void addTrampolines(List<Entry> entries) {
        if (variables.has("ftrace_ops_trampoline_list")) {
            KObject head = kernel.object("ftrace_ops_trampoline_list", "list_head");
            for (KObject operations : Lists.list(head, "ftrace_ops", "list")) {
                if (operations.get("trampoline") != 0) {
                    entries.add(new Entry(operations.get("trampoline"), 't', "ftrace_trampoline",
                            "__builtin__ftrace"));
                }
            }
        }
    }

    /** {@code bpf_get_kallsym}, unless the JIT's addresses are kept secret. */
    private void addBpf(List<Entry> entries) {
        if (!variables.has("bpf_kallsyms") || variables.isSet("bpf_jit_harden", 4)
                || variables.s32("bpf_jit_kallsyms") != 1) {
            return;
        }
        for (KObject symbol : Lists.list(kernel.object("bpf_kallsyms", "list_head"), "bpf_ksym", "lnode")) {
            entries.add(new Entry(symbol.get("start"), 't', symbol.string("name", NAME_LIMIT), "bpf"));
        }
    }

    /** {@code kprobe_cache_get_kallsym}. */
    private void addProbes(String cache, List<Entry> entries) {
        if (variables.has(cache) && kernel.types().hasStruct("kprobe_insn_page")) {
            KObject slots = kernel.object(cache, "kprobe_insn_cache");
            for (KObject page : Lists.list(slots.at("pages"), "kprobe_insn_page", "list")) {
                entries.add(new Entry(page.get("insns"), 't', slots.string("sym", NAME_LIMIT), "__builtin__kprobes"));
            }
        }
    }
}
