package io.scwatcher.kernel.type;

import static io.scwatcher.kernel.type.BtfEncoder.member;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class BtfTypesTest {
    private final BtfEncoder btf = new BtfEncoder();
    private final int intId = btf.integer("int", 4, BtfEncoder.SIGNED);
    private final int longId = btf.integer("long unsigned int", 8, 0);
    private final int charId = btf.integer("char", 1, BtfEncoder.SIGNED);

    private BtfTypes types() throws BtfException {
        return new BtfTypes(Btf.parse(btf.encode(), null), null);
    }

    @Test
    void resolvesTypedefsQualifiersAndTags() throws BtfException {
        int kernelPid = btf.reference(Btf.KIND_TYPEDEF, "__kernel_pid_t", intId);
        btf.reference(Btf.KIND_TYPEDEF, "pid_t", btf.reference(Btf.KIND_CONST, "",
                btf.reference(Btf.KIND_VOLATILE, "", btf.reference(Btf.KIND_TYPE_TAG, "user", kernelPid))));
        assertThat(types().type("pid_t")).isEqualTo(new CType.Int("int", 4, true));
        assertThat(types().type("unsigned long")).isEqualTo(new CType.Int("long unsigned int", 8, false));
        assertThat(types().type("char").size()).isEqualTo(1);
        assertThatThrownBy(() -> types().type("no_such_t")).isInstanceOf(NoSuchFieldInKernel.class);
    }

    @Test
    void looksThroughUnnamedMembersAndArrays() throws BtfException {
        int inner = btf.struct("", 16, member("a", longId, 0), member("b", btf.array(intId, 2), 8));
        int either = btf.union("", 16, member("", inner, 0), member("raw", btf.array(charId, 16), 0));
        int point = btf.struct("point", 8, member("x", intId, 0), member("y", intId, 4));
        btf.struct("outer", 56, member("first", longId, 0), member("", either, 8),
                member("points", btf.array(point, 4), 24));
        StructType outer = types().struct("outer");
        assertThat(outer.size()).isEqualTo(56);
        assertThat(outer.field("a").offset()).isEqualTo(8);
        assertThat(outer.field("b[1]").offset()).isEqualTo(20);
        assertThat(outer.field("raw").type().size()).isEqualTo(16);
        assertThat(outer.field("points[3].y").offset()).isEqualTo(24 + 3 * 8 + 4);
        assertThat(outer.has("points[3].z")).isFalse();
        assertThat(outer.has("inner")).isFalse();
    }

    @Test
    void findsPointersThatGoInCircles() throws BtfException {
        int pointer = btf.pointer(intId + 4);
        btf.struct("node", 16, member("next", pointer, 0), member("prev", pointer, 8));
        CType.Pointer next = (CType.Pointer) types().struct("node").field("next").type();
        assertThat(next.target()).isInstanceOf(StructType.class);
        assertThat(((StructType) next.target()).name()).isEqualTo("node");
    }

    @Test
    void bitFieldsInBothEncodings() throws BtfException {
        btf.struct("flags", 8, new BtfEncoder.Member("one", intId, 0, 1), new BtfEncoder.Member("wide", intId, 11, 13),
                new BtfEncoder.Member("plain", intId, 32, 0));
        int seven = btf.type("unsigned int", Btf.KIND_INT, 0, false, 4, 7);
        btf.struct("old_flags", 4, new BtfEncoder.Member("seven", seven, 3, 0));
        StructType flags = types().struct("flags");
        assertThat(flags.field("one")).isEqualTo(new Field("one", flags.field("one").type(), 0, 0, 1));
        assertThat(flags.field("wide").offset()).isEqualTo(1);
        assertThat(flags.field("wide").bitOffset()).isEqualTo(3);
        assertThat(flags.field("wide").bitSize()).isEqualTo(13);
        assertThat(flags.field("plain").isBitField()).isFalse();
        Field old = types().struct("old_flags").field("seven");
        assertThat(old.bitOffset()).isEqualTo(3);
        assertThat(old.bitSize()).isEqualTo(7);
    }

    @Test
    void enumerationsOfBothWidths() throws BtfException {
        btf.enumeration("color", false, "RED", 0, "GREEN", 5);
        btf.enumeration("level", true, "LOW", -1, "HIGH", 1);
        btf.enumeration64("big", false, "HUGE", 1L << 40);
        int unnamed = btf.enumeration("", false, "UNNAMED", 7);
        btf.reference(Btf.KIND_TYPEDEF, "kind_t", unnamed);
        BtfTypes types = types();
        assertThat(types.enumerator("GREEN")).hasValue(5);
        assertThat(types.enumerator("LOW")).hasValue(-1);
        assertThat(types.enumerator("HUGE")).hasValue(1L << 40);
        assertThat(types.enumerator("UNNAMED")).hasValue(7);
        assertThat(types.enumerator("NONE")).isEmpty();
        assertThat(types.enumeratorName("color", 5)).isEqualTo("GREEN");
        assertThat(types.enumeratorName("color", 4)).isNull();
        assertThat(types.enumeratorName("kind_t", 7)).isEqualTo("UNNAMED");
        assertThat(types.type("enum level")).isEqualTo(new CType.Int("level", 4, true));
        assertThat(types.type("big").size()).isEqualTo(8);
    }

    @Test
    void everyKindIsSteppedOver() throws BtfException {
        btf.type("f", Btf.KIND_FUNC_PROTO, 2, false, intId, 0, intId, 0, longId);
        btf.reference(Btf.KIND_FUNC, "do_it", intId);
        btf.type("variable", Btf.KIND_VAR, 0, false, intId, 1);
        btf.type(".data..percpu", Btf.KIND_DATASEC, 2, false, 16, 1, 0, 8, 2, 8, 8);
        btf.reference(Btf.KIND_FLOAT, "double", 8);
        btf.type("tag", Btf.KIND_DECL_TAG, 0, false, intId, -1);
        btf.reference(Btf.KIND_RESTRICT, "", intId);
        btf.struct("last", 4, member("x", intId, 0));
        assertThat(types().struct("last").size()).isEqualTo(4);
        assertThat(types().type("double").size()).isEqualTo(8);
    }

    @Test
    void unknownKindsNeedTheLayoutSection() throws BtfException {
        btf.type("new", 25, 3, false, 0, 1, 2, 3, 4);
        btf.struct("after", 4, member("x", intId, 0));
        assertThatThrownBy(this::types).isInstanceOf(BtfException.class);
        int[] sizes = new int[2 * 26];
        sizes[2 * 25] = 4;
        sizes[2 * 25 + 1] = 4;
        btf.layout(sizes);
        assertThat(types().struct("after").size()).isEqualTo(4);
    }

    @Test
    void aForwardDeclarationLeadsToTheDefinition() throws BtfException {
        int forward = btf.reference(Btf.KIND_FWD, "later", 0);
        int pointer = btf.pointer(forward);
        btf.struct("user", 8, member("p", pointer, 0));
        btf.struct("later", 12, member("x", intId, 8));
        int nowhere = btf.pointer(btf.reference(Btf.KIND_FWD, "nowhere", 0));
        btf.struct("other", 8, member("p", nowhere, 0));
        CType.Pointer found = (CType.Pointer) types().struct("user").field("p").type();
        assertThat(found.target().size()).isEqualTo(12);
        CType.Pointer lost = (CType.Pointer) types().struct("other").field("p").type();
        assertThat(lost.target()).isEqualTo(new CType.Opaque("nowhere"));
    }

    @Test
    void ofSeveralStructuresOfOneNameTheLargestCounts() throws BtfException {
        btf.struct("console", 40, member("small", intId, 0));
        btf.struct("console", 280, member("large", intId, 0));
        btf.struct("console", 12, member("tiny", intId, 0));
        assertThat(types().struct("console").has("large")).isTrue();
    }

    @Test
    void anUnnamedStructureIsFoundByItsTypedef() throws BtfException {
        btf.reference(Btf.KIND_TYPEDEF, "atomic_t", btf.struct("", 4, member("counter", intId, 0)));
        StructType atomic = types().struct("atomic_t");
        assertThat(atomic.field("counter").type().size()).isEqualTo(4);
        assertThat(atomic.name()).isEqualTo("atomic_t");
    }

    @Test
    void aModulesTypesBuildOnTheKernels() throws BtfException {
        btf.struct("sock", 100, member("x", intId, 0));
        int sock = 4;
        BtfEncoder module = new BtfEncoder(btf);
        int pointer = module.pointer(sock);
        module.struct("unix_sock", 120, member("sk", sock, 0), member("peer", pointer, 104), member("n", intId, 112));
        BtfTypes base = types();
        BtfTypes types = new BtfTypes(Btf.parse(module.encode(), base.btf()), base);
        StructType unix = types.struct("unix_sock");
        assertThat(unix.field("sk.x").type()).isSameAs(base.type("int"));
        assertThat(unix.field("sk").type()).isSameAs(base.struct("sock"));
        assertThat(((CType.Pointer) unix.field("peer").type()).target()).isSameAs(base.struct("sock"));
        assertThat(types.hasStruct("sock")).as("a module answers for itself only").isFalse();
    }

    @Test
    void chainsThatNeverEndAreVoid() throws BtfException {
        btf.reference(Btf.KIND_TYPEDEF, "loop", 5);
        btf.reference(Btf.KIND_TYPEDEF, "pool", 4);
        btf.type("", Btf.KIND_ARRAY, 0, false, 0, 6, intId, 2);
        btf.reference(Btf.KIND_TYPEDEF, "matryoshka", 6);
        btf.struct("self", 4, member("", 8, 0));
        assertThat(types().type("loop").size()).isZero();
        assertThat(types().type("matryoshka").size()).isZero();
        assertThat(types().struct("self").has("x")).isFalse();
    }

    @Test
    void brokenHeadersAreRefused() {
        byte[] good = btf.encode();
        assertThatThrownBy(() -> Btf.parse(new byte[3], null)).isInstanceOf(BtfException.class);
        assertThatThrownBy(() -> Btf.parse(java.util.Arrays.copyOf(good, good.length - 1), null))
                .isInstanceOf(BtfException.class);
        for (int word = 1; word < 6; word++) {
            byte[] bad = good.clone();
            bad[4 * word + 3] = 0x7f;
            assertThatThrownBy(() -> Btf.parse(bad, null)).isInstanceOf(BtfException.class);
        }
    }

    @Test
    void damageNeverThrowsAnythingElse() {
        long seed = System.nanoTime();
        System.out.println("BtfTypesTest seed " + seed);
        Random random = new Random(seed);
        int point = btf.struct("point", 8, member("x", intId, 0), member("y", intId, 4));
        btf.struct("outer", 56, member("", point, 0), member("points", btf.array(point, 4), 8),
                member("p", btf.pointer(point), 40));
        btf.enumeration("color", false, "RED", 0, "GREEN", 5);
        byte[] good = btf.encode();
        for (int round = 0; round < 5000; round++) {
            byte[] bad = good.clone();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                BtfTypes types = new BtfTypes(Btf.parse(bad, null), null);
                for (String name : new String[] {"outer", "point", "color", "int"}) {
                    CType type = types.findType(name);
                    if (type instanceof StructType struct) {
                        struct.has("points[1].y");
                        struct.has("p");
                    }
                }
                types.enumerator("GREEN");
                types.enumeratorName("color", 5);
            } catch (BtfException expected) {
                assertThat(expected.getMessage()).isNotEmpty();
            }
        }
    }
}
