package io.scwatcher.kernel.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.kernel.SyntheticKernel;
import io.scwatcher.kernel.type.CType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A tree with devices/eth0, class/net/eth0 as a link to it, and in class/net a link of the same name of another network namespace. */
class KernfsNodeTest {
    private static final long DIRECTORY = 1;
    private static final long LINK = 4;
    private static final long KERNFS_NS = 0x20;
    private static final long ROOT = 0x1000;
    private static final long DEVICES = 0x2000;
    private static final long DEVICE = 0x3000;
    private static final long CLASS = 0x4000;
    private static final long NET = 0x5000;
    private static final long OWN = 0x6000;
    private static final long OTHERS = 0x7000;
    private static final long GOING = 0x8000;
    private static final long NAMES = 0x20000;
    private static final long INIT_NET = 0x30000;
    private static final long OTHER_NET = 0x31000;

    private final SyntheticKernel kernel = new SyntheticKernel();
    private long nextName = NAMES;

    @BeforeEach
    void build() {
        CType word = SyntheticKernel.U64;
        kernel.symbol("init_net", INIT_NET);
        kernel.declare("net", "first", word, "ns", word);
        kernel.declare("rb_node", "__rb_parent_color", word, "rb_right", SyntheticKernel.POINTER, "rb_left", SyntheticKernel.POINTER);
        kernel.declare("rb_root", "rb_node", SyntheticKernel.POINTER);
        kernel.declare("atomic_t", "counter", word);
        kernel.declare("kernfs_elem_dir", "subdirs", word, "children", kernel.types().struct("rb_root"));
        CType node = new CType.Pointer(() -> kernel.types().struct("kernfs_node"));
        kernel.declare("kernfs_elem_symlink", "target_kn", node);
        kernel.declare("kernfs_node", "active", kernel.types().struct("atomic_t"), "parent", node, "name", SyntheticKernel.POINTER, "rb",
                kernel.types().struct("rb_node"), "ns", word, "flags", word, "dir", kernel.types().struct("kernfs_elem_dir"), "symlink",
                kernel.types().struct("kernfs_elem_symlink"));
        node(ROOT, 0, "", DIRECTORY, DEVICES, CLASS);
        node(DEVICES, ROOT, "devices", DIRECTORY, DEVICE);
        node(DEVICE, DEVICES, "eth0", DIRECTORY);
        node(CLASS, ROOT, "class", DIRECTORY, NET);
        node(NET, CLASS, "net", DIRECTORY | KERNFS_NS, OTHERS, OWN, GOING);
        node(OWN, NET, "eth0", LINK);
        node(OTHERS, NET, "lo", LINK);
        node(GOING, NET, "eth1", LINK);
        set(OWN, "ns", INIT_NET);
        set(OTHERS, "ns", OTHER_NET);
        set(GOING, "ns", INIT_NET);
        set(GOING, "active", Integer.MIN_VALUE);
        set(OWN, "symlink", DEVICE);
    }

    @Test
    void listsWhatTheInitialNamespaceShows() {
        assertThat(of(ROOT).children().keySet()).containsExactly("devices", "class");
        assertThat(of(NET).children().keySet()).containsExactly("eth0");
        assertThat(of(DEVICE).children()).isEmpty();
    }

    @Test
    void tagsMayBeTheCommonPartOfTheNamespace() {
        set(OWN, "ns", INIT_NET + 8);
        assertThat(of(NET).children().keySet()).containsExactly("eth0");
    }

    @Test
    void linksAreTold() {
        assertThat(of(OWN).isLink()).isTrue();
        assertThat(of(OWN).targetPath()).isEqualTo("../../devices/eth0");
        set(OWN, "symlink", NET);
        assertThat(of(OWN).targetPath()).isEqualTo("../net");
    }

    @Test
    void parentsInACircleEnd() {
        set(DEVICES, "parent", DEVICE);
        assertThat(of(OWN).targetPath()).endsWith("devices/eth0");
    }

    private KernfsNode of(long address) {
        return new KernfsNode(kernel.at(address, "kernfs_node"));
    }

    /** Children hang on each other's right side, so they come in the order given. */
    private void node(long address, long parent, String name, long flags, long... children) {
        set(address, "active", 0);
        set(address, "parent", parent);
        set(address, "name", nextName);
        kernel.putText(nextName, name);
        nextName += 0x100;
        set(address, "flags", flags);
        int rb = kernel.types().struct("kernfs_node").offsetOf("rb");
        set(address, "dir", 0);
        kernel.put(address + kernel.types().struct("kernfs_node").offsetOf("dir.children"), children.length == 0 ? 0 : children[0] + rb);
        for (int i = 0; i < children.length; i++) {
            kernel.put(children[i] + rb, i == 0 ? 0 : children[i - 1] + rb);
            kernel.put(children[i] + rb + 8, i + 1 < children.length ? children[i + 1] + rb : 0);
            kernel.put(children[i] + rb + 16, 0);
        }
    }

    private void set(long address, String member, long value) {
        kernel.put(address + kernel.types().struct("kernfs_node").offsetOf(member), value);
    }
}
