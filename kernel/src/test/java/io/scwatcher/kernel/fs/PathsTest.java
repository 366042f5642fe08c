package io.scwatcher.kernel.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.kernel.SyntheticKernel;
import io.scwatcher.kernel.type.CType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two file systems: the root with /mnt and /mnt/point, and one mounted there that holds /file. */
class PathsTest {
    private static final long ROOT = 0x1000;
    private static final long MNT = 0x2000;
    private static final long POINT = 0x3000;
    private static final long INNER_ROOT = 0x4000;
    private static final long FILE = 0x5000;
    private static final long OUTER = 0x10000;
    private static final long INNER = 0x11000;
    private static final long NAMESPACE = 0x12000;
    private static final long NAMES = 0x20000;

    private final SyntheticKernel kernel = new SyntheticKernel();
    private long nextName = NAMES;

    @BeforeEach
    void build() {
        kernel.declare("qstr", "len", SyntheticKernel.U64, "name", SyntheticKernel.POINTER);
        kernel.declare("hlist_bl_node", "next", SyntheticKernel.U64, "pprev", SyntheticKernel.U64);
        kernel.declare("dentry", "d_parent", pointerTo("dentry"), "d_name", kernel.types().struct("qstr"), "d_hash",
                kernel.types().struct("hlist_bl_node"), "d_op", SyntheticKernel.POINTER);
        kernel.declare("vfsmount", "mnt_root", SyntheticKernel.POINTER);
        kernel.declare("mount", "mnt_parent", pointerTo("mount"), "mnt_mountpoint", pointerTo("dentry"), "mnt",
                kernel.types().struct("vfsmount"), "mnt_ns", pointerTo("mnt_namespace"));
        kernel.declare("mnt_namespace", "seq", SyntheticKernel.U64);
        kernel.put(NAMESPACE, 7);
        dentry(ROOT, ROOT, "/", true);
        dentry(MNT, ROOT, "mnt", true);
        dentry(POINT, MNT, "point", true);
        dentry(INNER_ROOT, INNER_ROOT, "/", true);
        dentry(FILE, INNER_ROOT, "file", true);
        mount(OUTER, OUTER, ROOT, ROOT);
        mount(INNER, OUTER, POINT, INNER_ROOT);
    }

    @Test
    void goesUpThroughMounts() {
        assertThat(walk(INNER, FILE, OUTER, ROOT)).isEqualTo(new Paths.Walk("/mnt/point/file", Paths.End.ROOT));
        assertThat(walk(OUTER, ROOT, OUTER, ROOT)).isEqualTo(new Paths.Walk("/", Paths.End.ROOT));
    }

    @Test
    void endsAtTheReadersRoot() {
        assertThat(walk(INNER, FILE, INNER, INNER_ROOT).path()).isEqualTo("/file");
        assertThat(walk(INNER, FILE, OUTER, MNT).path()).isEqualTo("/point/file");
    }

    @Test
    void tellsWhatLiesOutsideOfTheReadersRoot() {
        assertThat(walk(OUTER, MNT, INNER, INNER_ROOT)).isEqualTo(new Paths.Walk("/mnt", Paths.End.OTHER_ROOT));
    }

    @Test
    void tellsMountsThatBelongToNobody() {
        kernel.put(OUTER + 24, 0);
        assertThat(walk(OUTER, MNT, INNER, INNER_ROOT).end()).isEqualTo(Paths.End.DETACHED);
    }

    @Test
    void survivesDentriesThatRunInACircle() {
        kernel.put(MNT, POINT);
        assertThat(walk(OUTER, POINT, OUTER, ROOT).end()).isEqualTo(Paths.End.ESCAPED);
        assertThat(kernel.anomalies().count()).isPositive();
    }

    @Test
    void marksWhatWasUnlinked() {
        dentry(FILE, INNER_ROOT, "file", false);
        assertThat(Paths.of(path(INNER, FILE), path(OUTER, ROOT))).isEqualTo("/mnt/point/file (deleted)");
        assertThat(Paths.inFileSystem(kernel.at(FILE, "dentry"))).isEqualTo("/file//deleted");
    }

    private CType pointerTo(String structure) {
        return new CType.Pointer(() -> kernel.types().struct(structure));
    }

    private void dentry(long at, long parent, String name, boolean hashed) {
        kernel.put(at, parent);
        kernel.put(at + 8, name.length());
        kernel.put(at + 16, nextName);
        kernel.put(at + 24, 0);
        kernel.put(at + 32, hashed ? 1 : 0);
        kernel.put(at + 40, 0);
        for (int i = 0; i < name.length(); i++) {
            kernel.putByte(nextName + i, name.charAt(i));
        }
        kernel.putByte(nextName + name.length(), 0);
        nextName += 64;
    }

    private void mount(long at, long parent, long point, long root) {
        kernel.put(at, parent);
        kernel.put(at + 8, point);
        kernel.put(at + 16, root);
        kernel.put(at + 24, NAMESPACE);
    }

    private Path path(long mount, long dentry) {
        return new Path(kernel.at(mount, "mount"), kernel.at(dentry, "dentry"));
    }

    private Paths.Walk walk(long mount, long dentry, long rootMount, long rootDentry) {
        return Paths.walk(path(mount, dentry), path(rootMount, rootDentry));
    }
}
