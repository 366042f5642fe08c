package io.scwatcher.kernel.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;

/** What modules were told when they were loaded: {@code struct kernel_param} (include/linux/moduleparam.h). */
public final class ModuleParameters {
    private static final int MOST = 4096;
    private static final int LONGEST_NAME = 128;

    private ModuleParameters() {}

    /**
     * A switch of a module, or of what would be one if it were not built in.
     *
     * @param variable that holds it, known by symbol only where it is built in
     * @return false where there is none
     */
    public static boolean isOn(Kernel kernel, String module, String parameter, String variable) {
        if (kernel.symbols().has(variable)) {
            return kernel.memory().u8(kernel.address(variable)) != 0;
        }
        Modules modules = new Modules(kernel);
        for (KObject each : modules.all()) {
            if (modules.name(each).equals(module)) {
                return isOn(each, parameter);
            }
        }
        return false;
    }

    private static boolean isOn(KObject module, String parameter) {
        long count = Math.min(MOST, module.get("num_kp") & 0xffff_ffffL);
        KObject parameters = module.ptr("kp");
        for (int i = 0; i < count; i++) {
            KObject each = parameters.index(i);
            if (each.string("name", LONGEST_NAME).equals(parameter)) {
                return module.memory().u8(each.get("arg")) != 0;
            }
        }
        return false;
    }
}
