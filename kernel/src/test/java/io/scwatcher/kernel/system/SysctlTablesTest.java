package io.scwatcher.kernel.system;

import static io.scwatcher.kernel.SyntheticKernel.POINTER;
import static io.scwatcher.kernel.SyntheticKernel.U32;
import static io.scwatcher.kernel.SyntheticKernel.U64;
import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.kernel.SyntheticKernel;
import io.scwatcher.kernel.type.CType;
import io.scwatcher.kernel.type.StructType;
import org.junit.jupiter.api.Test;

/** A root set with a file and a link, and the set of a network namespace with what the link stands for. */
class SysctlTablesTest {
    private static final long ROOT = 0x10000;
    private static final long NET_ROOT = 0x11000;
    private static final long NET = 0x12000;
    private static final int FILE = 0100644;
    private static final int DIRECTORY = 0040555;
    private static final int LINK = 0120777;

    private final SyntheticKernel kernel = new SyntheticKernel();
    private final StructType directory;
    private long free = 0x20000;

    SysctlTablesTest() {
        StructType[] header = new StructType[1];
        StructType[] dir = new StructType[1];
        StructType table = kernel.declare("ctl_table", "procname", POINTER, "data", U64, "mode", U64);
        StructType rbNode = kernel.declare("rb_node", "__rb_parent_color", U64, "rb_right", POINTER, "rb_left", POINTER);
        StructType rbRoot = kernel.declare("rb_root", "rb_node", new CType.Pointer(() -> rbNode));
        kernel.declare("ctl_node", "node", rbNode, "header", new CType.Pointer(() -> header[0]));
        header[0] = kernel.declare("ctl_table_header", "ctl_table", new CType.Pointer(() -> table), "root", POINTER,
                "parent", new CType.Pointer(() -> dir[0]), "node", POINTER, "type", U64);
        dir[0] = kernel.declare("ctl_dir", "header", header[0], "root", rbRoot);
        directory = dir[0];
        StructType set = kernel.declare("ctl_table_set", "is_seen", POINTER, "dir", directory);
        kernel.declare("ctl_table_root", "default_set", set);
        kernel.declare("net", "count", U32, "unused", U32, "sysctls", set);
        kernel.symbol("sysctl_table_root", ROOT);
        for (long page = ROOT; page < 0x40000; page += 0x1000) {
            kernel.put(page, 0);
        }
    }

    @Test
    void listsFilesAndDirectories() {
        long below = entry(ROOT + 8, "kernel", 0, DIRECTORY, 0);
        entry(below, "ostype", 0x4711, FILE, 0);
        SysctlTables tables = new SysctlTables(kernel, null);
        SysctlTables.TableEntry found = tables.find(tables.root(), "kernel");
        assertThat(found.isDirectory()).isTrue();
        assertThat(tables.entries(tables.directory(found))).extracting(SysctlTables.TableEntry::name)
                .containsExactly("ostype");
        assertThat(tables.find(tables.root(), "absent")).isNull();
    }

    @Test
    void followsALinkIntoTheSetOfTheNamespace() {
        entry(ROOT + 8, "somaxconn", NET_ROOT, LINK, ROOT + 8);
        kernel.put(NET + 16 + 8, NET_ROOT);
        entry(NET + 16, "somaxconn", 0x4711, FILE, 0);
        SysctlTables tables = new SysctlTables(kernel, kernel.at(NET, "net"));
        SysctlTables.TableEntry found = tables.find(tables.root(), "somaxconn");
        assertThat(found.mode()).isEqualTo(FILE);
        assertThat(found.table().get("data")).isEqualTo(0x4711);
    }

    @Test
    void leavesOutALinkThatLeadsNowhere() {
        entry(ROOT + 8, "somaxconn", NET_ROOT, LINK, ROOT + 8);
        SysctlTables tables = new SysctlTables(kernel, null);
        assertThat(tables.entries(tables.root())).isEmpty();
        assertThat(tables.find(tables.root(), "somaxconn")).isNull();
    }

    /** Makes the only entry of a directory; returns the address of the {@code ctl_dir} that it would be itself. */
    private long entry(long parent, String name, long data, int mode, long linkParent) {
        long header = free;
        long table = free + 0x100;
        long node = free + 0x200;
        long text = free + 0x300;
        free += 0x1000;
        kernel.put(header, table);
        kernel.put(header + 16, linkParent);
        kernel.put(header + 24, node);
        kernel.put(table, text);
        kernel.put(table + 8, data);
        kernel.put(table + 16, mode);
        kernel.putText(text, name);
        kernel.put(node, 0);
        kernel.put(node + 8, 0);
        kernel.put(node + 16, 0);
        kernel.put(node + 24, header);
        kernel.put(parent + directory.offsetOf("root.rb_node"), node);
        return header;
    }

}
