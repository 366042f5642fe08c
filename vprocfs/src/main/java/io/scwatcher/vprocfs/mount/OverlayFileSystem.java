package io.scwatcher.vprocfs.mount;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.net.DeclaredLayout;
import io.scwatcher.kernel.system.ModuleParameters;
import io.scwatcher.kernel.type.CType;
import io.scwatcher.vprocfs.ProcText;

/** Mount options of overlayfs: fs/overlayfs/params.c, super.c {@code ovl_show_options}. */
final class OverlayFileSystem implements FileSystemOptions {
    private static final int LONGEST = 1 << 16;
    private static final int MOST_LAYERS = 500;
    private static final String[] REDIRECT = {"off", "follow", "nofollow", "on"};
    private static final String[] XINO = {"off", "auto", "on"};
    private static final String[] UUID = {"off", "null", "auto", "on"};
    private static final String[] VERITY = {"off", "on", "require"};

    @Override
    public void print(KObject superBlock, KObject root, ProcText out) {
        KObject fs = DeclaredLayout.at(superBlock.kernel(), superBlock.get("s_fs_info"), "ovl_fs");
        KObject config = fs.at("config");
        lower(fs, config, out);
        if (config.get("upperdir") != 0) {
            OptionText.option("upperdir", config.string("upperdir", LONGEST), out);
            OptionText.option("workdir", config.string("workdir", LONGEST), out);
        }
        if (config.get("default_permissions") != 0) {
            out.put(",default_permissions");
        }
        redirect(config, out);
        different(config, "index", "ovl_index_def", out);
        uuid(config, out);
        different(config, "nfs_export", "ovl_nfs_export_def", out);
        xino(fs, config, out);
        different(config, "metacopy", "ovl_metacopy_def", out);
        if (config.getOr("ovl_volatile", 0) != 0) {
            out.put(",volatile");
        }
        if (config.getOr("userxattr", 0) != 0) {
            out.put(",userxattr");
        }
        if (config.has("verity_mode") && config.get("verity_mode") > 0) {
            out.put(",verity=").put(word(VERITY, config.getInt("verity_mode")));
        }
    }

    /** 6.5 keeps the layers' paths one by one, the list that the user gave as number 0. */
    private static void lower(KObject fs, KObject config, ProcText out) {
        if (config.has("lowerdir")) {
            OptionText.option("lowerdir", config.string("lowerdir", LONGEST), out);
            return;
        }
        KObject names = config.ptr("lowerdirs");
        long pointers = names.address();
        String given = text(fs.kernel(), pointers, 0);
        if (given != null) {
            OptionText.option("lowerdir", given, out);
            return;
        }
        long layers = Math.min(MOST_LAYERS, fs.get("numlayer"));
        long merged = layers - fs.getOr("numdatalayer", 0);
        for (int i = 1; i < layers; i++) {
            OptionText.option(i < merged ? "lowerdir+" : "datadir+", text(fs.kernel(), pointers, i), out);
        }
    }

    private static String text(Kernel kernel, long pointers, int index) {
        long text = kernel.memory().u64(pointers + 8L * index);
        return text == 0 ? null : kernel.memory().string(text, LONGEST);
    }

    private static void redirect(KObject config, ProcText out) {
        KObject mode = config.at("redirect_mode");
        boolean on = flag(config.kernel(), "redirect_dir", "ovl_redirect_dir_def");
        boolean follow = flag(config.kernel(), "redirect_always_follow", "ovl_redirect_always_follow");
        // A word until 6.4, "off" for what was called "nofollow" or "follow" since.
        boolean isWord = mode.type() instanceof CType.Pointer;
        String usual = on ? "on" : isWord ? "off" : follow ? "follow" : "nofollow";
        String now = isWord ? config.string("redirect_mode", 16) : word(REDIRECT, config.getInt("redirect_mode"));
        if (!now.equals(usual)) {
            out.put(",redirect_dir=").put(now);
        }
    }

    private static void uuid(KObject config, ProcText out) {
        if (!config.has("uuid")) {
            return;
        }
        int uuid = config.getInt("uuid");
        // A switch until 6.6, then one of four with "auto" as the default.
        boolean isSwitch = config.at("uuid").type().size() == 1;
        if (isSwitch && uuid == 0) {
            out.put(",uuid=off");
        } else if (!isSwitch && uuid != 2) {
            out.put(",uuid=").put(word(UUID, uuid));
        }
    }

    private static void xino(KObject fs, KObject config, ProcText out) {
        int usual = flag(fs.kernel(), "xino_auto", "ovl_xino_auto_def") ? 1 : 0;
        int mode = config.getInt("xino");
        boolean sameFs = fs.has("xino_mode") && fs.getInt("xino_mode") == 0;
        if (mode != usual && !sameFs) {
            out.put(",xino=").put(word(XINO, mode));
        }
    }

    private static void different(KObject config, String name, String defaultVariable, ProcText out) {
        boolean now = config.getOr(name, 0) != 0;
        if (now != flag(config.kernel(), name, defaultVariable)) {
            out.put(',').put(name).put(now ? "=on" : "=off");
        }
    }

    private static boolean flag(Kernel kernel, String parameter, String variable) {
        return ModuleParameters.isOn(kernel, "overlay", parameter, variable);
    }

    private static String word(String[] words, int index) {
        return index >= 0 && index < words.length ? words[index] : "unknown";
    }
}
