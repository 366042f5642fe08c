package io.scwatcher.vprocfs.system;

import static io.scwatcher.vprocfs.TestKernel.U64;
import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.kernel.type.CType;
import io.scwatcher.kernel.type.StructType;
import io.scwatcher.vprocfs.ProcText;
import io.scwatcher.vprocfs.TestKernel;
import org.junit.jupiter.api.Test;

class ResourceFilesTest {
    private static final int ROOT = 0x1000;
    private static final int RAM = 0x1100;
    private static final int CODE = 0x1200;
    private static final int NAMES = 0x2000;

    private final TestKernel kernel = new TestKernel();

    ResourceFilesTest() {
        StructType[] self = new StructType[1];
        CType pointer = new CType.Pointer(() -> self[0]);
        CType text = new CType.Pointer(() -> new CType.Int("char", 1, true));
        self[0] = kernel.declare("resource", "start", U64, "end", U64, "name", text, "child", pointer, "sibling", pointer);
        kernel.putText(NAMES, "System RAM");
        resource(ROOT, 0, -1, 0, RAM);
        resource(RAM, 0x1000, 0x3fff_ffff, NAMES, CODE);
        resource(CODE, 0x1_0000_0000L, 0x1_0000_ffffL, 0, 0);
    }

    @Test
    void childrenAreIndentedAndWideAddressesStayWhole() {
        kernel.symbol("iomem_resource", ROOT);
        ProcText out = new ProcText();
        ResourceFiles.printMemory(kernel, out);
        assertThat(out.toString()).isEqualTo("00001000-3fffffff : System RAM\n  100000000-10000ffff : <BAD>\n");
    }

    @Test
    void portsTakeFourDigits() {
        kernel.symbol("ioport_resource", ROOT);
        resource(ROOT, 0, 0xffff, 0, RAM);
        resource(RAM, 0x60, 0x6f, NAMES, 0);
        ProcText out = new ProcText();
        ResourceFiles.printPorts(kernel, out);
        assertThat(out.toString()).isEqualTo("0060-006f : System RAM\n");
    }

    private void resource(int address, long start, long end, long name, long child) {
        kernel.put64(address, start);
        kernel.put64(address + 8, end);
        kernel.put64(address + 16, name);
        kernel.put64(address + 24, child);
        kernel.put64(address + 32, 0);
    }
}
