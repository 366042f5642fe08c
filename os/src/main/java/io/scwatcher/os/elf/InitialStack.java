package io.scwatcher.os.elf;

import io.scwatcher.cpu.memory.AddressSpace;
import io.scwatcher.os.mm.MemoryDescriptor;
import io.scwatcher.os.task.Credentials;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** The stack that a new program finds: copy_strings of fs/exec.c and create_elf_tables of fs/binfmt_elf.c (6.12), without a vDSO. */
final class InitialStack {
    private static final int AT_PHDR = 3, AT_PHENT = 4, AT_PHNUM = 5, AT_PAGESZ = 6, AT_BASE = 7, AT_FLAGS = 8, AT_ENTRY = 9, AT_UID = 11, AT_EUID = 12,
            AT_GID = 13, AT_EGID = 14, AT_PLATFORM = 15, AT_HWCAP = 16, AT_CLKTCK = 17, AT_SECURE = 23, AT_RANDOM = 25, AT_HWCAP2 = 26, AT_EXECFN = 31,
            AT_MINSIGSTKSZ = 51;
    private static final String PLATFORM = "x86_64";
    /** setup_arg_pages makes the stack at least this much larger than what is on it. */
    private static final long EXPANSION = 128 << 10;

    private final MemoryDescriptor mm;
    private final Program program;
    private long pointer = AddressSpace.MAX - 8;

    InitialStack(MemoryDescriptor mm, Program program) {
        this.mm = mm;
        this.program = program;
    }

    /**
     * Facts for the auxiliary vector.
     *
     * @param hwcap EDX of CPUID leaf 1
     * @param hwcap2 ELF_HWCAP2
     * @param signalFrame bytes that a signal frame takes at most
     * @param random 16 bytes
     */
    record Facts(int hwcap, int hwcap2, int signalFrame, boolean secure, Credentials credentials, byte[] random) {}

    /**
     * Maps the stack and fills it.
     *
     * @return the stack pointer
     */
    long build(int protection, Facts facts, long entry, long interpreterBase, long programHeaders) {
        byte[] strings = strings();
        long top = AddressSpace.MAX - 8;
        long argumentsStart = top - strings.length;
        long platform = (argumentsStart & -16) - (PLATFORM.length() + 1);
        long random = platform - 16;
        long[] auxiliary = auxiliary(facts, entry, interpreterBase, programHeaders, top - program.name().length() - 1, random, platform);
        int items = program.arguments().size() + 1 + program.environment().size() + 1 + 1;
        pointer = random - 8L * auxiliary.length - 8L * items & -16;
        long size = Image.pageUp(AddressSpace.MAX - pointer + EXPANSION);
        mm.space().mapStack(AddressSpace.MAX - size, size, protection, null);

        mm.user().copyOut(argumentsStart, strings);
        mm.user().copyOut(platform, PLATFORM.getBytes(StandardCharsets.ISO_8859_1));
        mm.user().copyOut(random, facts.random);
        ByteBuffer table = ByteBuffer.allocate(8 * (items + auxiliary.length)).order(ByteOrder.LITTLE_ENDIAN);
        table.putLong(program.arguments().size());
        mm.argStart = argumentsStart;
        mm.argEnd = pointers(table, program.arguments(), argumentsStart);
        mm.envStart = mm.argEnd;
        mm.envEnd = pointers(table, program.environment(), mm.envStart);
        int vector = table.position();
        for (long word : auxiliary) {
            table.putLong(word);
        }
        mm.user().copyOut(pointer, table.array());
        mm.auxiliaryVector = Arrays.copyOfRange(table.array(), vector, table.position());
        mm.startStack = pointer;
        return pointer;
    }

    /** Arguments, environment and the program's name, in the order of addresses. */
    private byte[] strings() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        program.arguments().forEach(argument -> put(out, argument));
        program.environment().forEach(variable -> put(out, variable));
        put(out, program.name());
        return out.toByteArray();
    }

    private static void put(ByteArrayOutputStream out, String string) {
        out.writeBytes(string.getBytes(StandardCharsets.ISO_8859_1));
        out.write(0);
    }

    private static long pointers(ByteBuffer table, List<String> strings, long start) {
        long at = start;
        for (String string : strings) {
            table.putLong(at);
            at += string.length() + 1;
        }
        table.putLong(0);
        return at;
    }

    private long[] auxiliary(Facts facts, long entry, long interpreterBase, long programHeaders, long name, long random, long platform) {
        Credentials who = facts.credentials;
        return new long[] {
            AT_MINSIGSTKSZ, facts.signalFrame, AT_HWCAP, facts.hwcap & 0xffffffffL, AT_PAGESZ, AddressSpace.PAGE, AT_CLKTCK, 100, AT_PHDR, programHeaders,
            AT_PHENT, ElfFile.PROGRAM_HEADER_SIZE, AT_PHNUM, program.elf().programHeaders().size(), AT_BASE, interpreterBase, AT_FLAGS, 0, AT_ENTRY, entry,
            AT_UID, who.uid(), AT_EUID, who.euid(), AT_GID, who.gid(), AT_EGID, who.egid(), AT_SECURE, facts.secure ? 1 : 0, AT_RANDOM, random,
            AT_HWCAP2, facts.hwcap2, AT_EXECFN, name, AT_PLATFORM, platform, 0, 0};
    }
}
