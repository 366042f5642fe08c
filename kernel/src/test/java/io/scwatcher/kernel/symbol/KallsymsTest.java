package io.scwatcher.kernel.symbol;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.kernel.memory.KernelImage;
import io.scwatcher.kernel.memory.SyntheticRam;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KallsymsTest {
    private static final long TEXT = 0xffff_ffff_8a20_0000L;
    private static final long SHIFT = TEXT - 0x200_0000;
    private static final long TABLES = TEXT + 0x12_3450;

    private final SyntheticRam ram = SyntheticRam.ofMebibytes(64);
    private final KernelImage image = new KernelImage(ram, SHIFT, TEXT);

    /** What a kernel has: zero-based per-CPU symbols where the layout can say so, many of one name, one long name. */
    private static List<Symbol> symbols(KallsymsEncoder.Layout layout, int count) {
        List<Symbol> symbols = new ArrayList<>();
        if (layout.encoding == AddressEncoding.RELATIVE_OR_ABSOLUTE || layout.encoding == AddressEncoding.ABSOLUTE) {
            symbols.add(new Symbol(0, 'A', "fixed_percpu_data"));
            symbols.add(new Symbol(0x1f000, 'A', "this_cpu_read.lock"));
        }
        symbols.add(new Symbol(TEXT, 'T', "_stext"));
        symbols.add(new Symbol(TEXT, 'T', "startup_64"));
        for (int i = 0; i < count; i++) {
            symbols.add(new Symbol(TEXT + 0x100 + i * 16L, i % 3 == 0 ? 't' : 'D', i % 7 == 0 ? "init" : "sym_" + i));
        }
        symbols.add(new Symbol(TEXT + 0x100_0000, 'b', "x".repeat(layout.wideLengths ? 400 : 100)));
        return symbols;
    }

    private KallsymsEncoder place(KallsymsEncoder.Layout layout, List<Symbol> symbols) {
        KallsymsEncoder encoder = new KallsymsEncoder(layout, TABLES, TEXT);
        ram.put(TABLES - SHIFT, encoder.encode(symbols));
        return encoder;
    }

    private static boolean isRight(Kallsyms symbols) {
        return symbols.find("_stext").orElse(0) == TEXT;
    }

    @ParameterizedTest
    @EnumSource
    void findsEveryLayoutWithoutHelp(KallsymsEncoder.Layout layout) {
        List<Symbol> expected = symbols(layout, 1000);
        place(layout, expected);
        Kallsyms found = new KallsymsLocator(image, KallsymsTest::isRight).locate(null);
        assertThat(found).isNotNull();
        assertThat(found.all()).containsExactlyElementsOf(expected);
    }

    @ParameterizedTest
    @EnumSource
    void usesTheSymbolsOfVmcoreInfo(KallsymsEncoder.Layout layout) {
        List<Symbol> expected = symbols(layout, 300);
        KallsymsEncoder encoder = place(layout, expected);
        Kallsyms found = new KallsymsLocator(image, KallsymsTest::isRight).locate(info(encoder.labels()));
        assertThat(found).isNotNull();
        assertThat(found.all()).containsExactlyElementsOf(expected);
    }

    private static VmcoreInfo info(Map<String, Long> labels) {
        StringBuilder text = new StringBuilder();
        labels.forEach((name, at) -> text.append("SYMBOL(%s)=%x\n".formatted(name, at)));
        byte[] bytes = text.toString().getBytes();
        return VmcoreInfo.parse(bytes, 0, bytes.length);
    }

    @Test
    void findsNamesAndTheFirstOfSeveral() {
        place(KallsymsEncoder.Layout.V6_4, symbols(KallsymsEncoder.Layout.V6_4, 1000));
        Kallsyms found = new KallsymsLocator(image, KallsymsTest::isRight).locate(null);
        assertThat(found.find("init")).hasValue(TEXT + 0x100);
        assertThat(found.find("sym_999")).hasValue(TEXT + 0x100 + 999 * 16);
        assertThat(found.find("this_cpu_read.lock")).hasValue(0x1f000);
        assertThat(found.find("sym_1000")).isEmpty();
        assertThat(found.find("")).isEmpty();
        assertThat(found.find("sym_99\u1234")).isEmpty();
    }

    @Test
    void findsTheSymbolThatContainsAnAddress() {
        place(KallsymsEncoder.Layout.V6_15, symbols(KallsymsEncoder.Layout.V6_15, 1000));
        Kallsyms found = new KallsymsLocator(image, KallsymsTest::isRight).locate(null);
        assertThat(found.containing(TEXT + 0x10f).name()).isEqualTo("init");
        assertThat(found.containing(TEXT + 0x110).name()).isEqualTo("sym_1");
        assertThat(found.containing(TEXT + 5).name()).isEqualTo("_stext");
        assertThat(found.containing(TEXT - 1)).isNull();
    }

    @Test
    void anUnsortedTableIsSearchedAsWell() {
        List<Symbol> symbols = symbols(KallsymsEncoder.Layout.V7_0, 600);
        symbols.add(new Symbol(TEXT + 0x105, 'T', "late"));
        place(KallsymsEncoder.Layout.V7_0, symbols);
        Kallsyms found = new KallsymsLocator(image, KallsymsTest::isRight).locate(null);
        assertThat(found.containing(TEXT + 0x106).name()).isEqualTo("late");
        assertThat(found.containing(TEXT + 0x104).name()).isEqualTo("init");
    }

    @Test
    void aDecoyInFrontDoesNotHideTheTable() {
        List<Symbol> expected = symbols(KallsymsEncoder.Layout.V5_10, 500);
        StringBuilder digits = new StringBuilder();
        for (int d = 0; d < 10; d++) {
            digits.append(d).append('\0');
        }
        ram.put(TABLES - SHIFT - 0x1000, digits.toString().repeat(3).getBytes());
        place(KallsymsEncoder.Layout.V5_10, expected);
        Kallsyms found = new KallsymsLocator(image, KallsymsTest::isRight).locate(null);
        assertThat(found.count()).isEqualTo(expected.size());
    }

    @ParameterizedTest
    @EnumSource
    void damageNeverThrowsOrHangs(KallsymsEncoder.Layout layout) {
        long seed = System.nanoTime();
        System.out.println("KallsymsTest " + layout + " seed " + seed);
        Random random = new Random(seed);
        KallsymsEncoder encoder = new KallsymsEncoder(layout, TABLES, TEXT);
        byte[] tables = encoder.encode(symbols(layout, 300));
        for (int round = 0; round < 100; round++) {
            byte[] damaged = tables.clone();
            for (int flips = 1 + random.nextInt(20); flips > 0; flips--) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            }
            ram.put(TABLES - SHIFT, damaged);
            VmcoreInfo info = random.nextBoolean() ? info(encoder.labels()) : null;
            Kallsyms found = new KallsymsLocator(image, symbols -> true).locate(info);
            if (found != null) {
                found.all().forEach(symbol -> found.find(symbol.name()));
                found.containing(random.nextLong());
            }
        }
    }
}
