package io.scwatcher.cpu.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Decodes the distribution's programs and compares each instruction's length and mnemonic with what objdump says. */
@Tag("slow")
class DisassemblerTest {
    private static final Pattern LINE = Pattern.compile("^ *[0-9a-f]+:\\t([0-9a-f ]+?) *\\t(.*)$");
    private static final String[] CONDITIONS = {"o", "no", "b", "ae", "e", "ne", "be", "a", "s", "ns", "p", "np", "l", "ge", "le", "g"};

    /** What x86-64-v2 has not: #UD here. */
    private static final Pattern BEYOND = Pattern.compile("\\{?v.*|k[a-z]+|andn|bextr|bls\\w+|bzhi|mulx|pdep|pext|rorx|"
            + "sarx|shlx|shrx|ad[co]x|aes\\w+|sha(1|256)\\w+|pclmul\\w+|x(save|rstor)\\w*|x[gs]etbv|(rd|wr)(fs|gs)base|rdrand|rdseed|rdpid|(rd|wr)pkru|"
            + "movbe|gf2p8\\w+|clflushopt|clwb|cldemote|xbegin|xend|xabort|xtest|ptwrite|rdssp[dq]|incssp[dq]|wrss[dq]|\\w*pause|umonitor|umwait|movdir\\w+|"
            + "sysenter|monitor|mwait|vm\\w+|extrq|insertq|movnts[sd]|llwpcb|slwpcb|lwp\\w+|bnd\\w+|loadall\\w*|getsec|rsm|femms|pf\\w+|pswapd|pi2f\\w|pmulhrw|"
            + "pavgusb|montmul|xstore\\w*|xcrypt\\w+|xsha\\w+|stac|clac|encl\\w|skinit|clgi|stgi|invlpga|clzero|rdpru|mcommit|monitorx|mwaitx|seam\\w+|tdcall|"
            + "pconfig|wbnoinvd|setssbsy|saveprevssp|rstorssp|clrssbsy|uiret|testui|clui|stui|senduipi|xsusldtrk|xresldtrk|serialize|pvalidate|rmpadjust|rmpupdate|"
            + "psmash|invept|invvpid|invpcid|\\(bad\\).*|hreset|tilezero|ld\\w*tilecfg|sttilecfg|tile\\w+|tdp\\w+|enqcmds?|\\.byte.*");

    /** Tables among the code look like this: registers that don't exist, instructions of the 8087, LOCK where it is illegal, branches with an operand size prefix. */
    private static final Pattern DATA = Pattern.compile("\\?|\\block\\b|\\bxcrypt|\\((8087|287) only\\)|[, ][cd]r\\d|\\b(j\\w+|ret|call|loop\\w*|jrcxz|jecxz)w |^(data16|rex)");

    @ParameterizedTest
    @ValueSource(strings = {"/lib/x86_64-linux-gnu/libc.so.6", "/bin/bash", "/usr/bin/perl", "/usr/lib/x86_64-linux-gnu/libcrypto.so.3",
        "/lib/x86_64-linux-gnu/libm.so.6"})
    void agreesWithObjdump(String file) throws IOException {
        assumeThat(Files.exists(Path.of(file))).isTrue();
        Process objdump = new ProcessBuilder("objdump", "-d", "-w", "-M", "intel", "--insn-width=16", file).start();
        Map<String, Integer> differences = new TreeMap<>();
        int instructions = 0;
        try (BufferedReader lines = objdump.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Matcher matcher = LINE.matcher(line);
                if (matcher.matches()) {
                    instructions++;
                    String difference = difference(HexFormat.of().parseHex(matcher.group(1).replace(" ", "")), matcher.group(2));
                    if (difference != null) {
                        differences.merge(difference, 1, Integer::sum);
                    }
                }
            }
        }
        System.out.println(file + ": " + instructions + " instructions");
        assertThat(instructions).isPositive();
        assertThat(differences).isEmpty();
    }

    /** Null if the decoder agrees. */
    private static String difference(byte[] bytes, String text) {
        String expected = mnemonic(text);
        if (expected.isEmpty() || BEYOND.matcher(expected).matches()) {
            return null; // prefixes by themselves, or beyond us: what we make of it is for the oracle
        }
        Instruction instruction = Decoder.decode(bytes, 0, bytes.length);
        if (DATA.matcher(text).find() && (instruction == null || instruction.opcode == Opcode.UD || instruction.form.forced64())) {
            return null;
        }
        if (instruction != null && instruction.opcode == Opcode.FWAIT) {
            return null; // objdump takes the next instruction for a part of it
        }
        if (instruction == null || instruction.length != bytes.length || !expected.matches(mnemonic(instruction))) {
            return HexFormat.of().formatHex(bytes) + " " + text.strip() + ": " + instruction;
        }
        return null;
    }

    /** The mnemonic without prefixes. */
    private static String mnemonic(String text) {
        for (String word : text.strip().split("\\s+")) {
            if (!word.matches("rep\\w*|lock|bnd|notrack|data16|addr32|[cdefgs]s|rex(\\.\\w+)?|x(acquire|release)|#.*")) {
                return word;
            }
        }
        return "";
    }

    /** A regular expression of the names that objdump uses. */
    private static String mnemonic(Instruction i) {
        String condition = CONDITIONS[i.condition];
        String name = i.opcode.name().toLowerCase();
        return switch (i.opcode) {
            case JCC -> "j" + condition;
            case SETCC -> "set" + condition;
            case CMOVCC -> "cmov" + condition;
            case CBW -> i.operandSize == 8 ? "cdqe" : i.operandSize == 4 ? "cwde" : "cbw";
            case CWD -> i.operandSize == 8 ? "cqo" : i.operandSize == 4 ? "cdq" : "cwd";
            case MOV -> "mov(abs)?";
            case MOVSX -> "movsxd?";
            case MOVSD_XMM -> "movsd";
            case CMPPS, CMPPD, CMPSS -> "cmp\\w*" + name.substring(3);
            case CMPSD_XMM -> "cmp\\w*sd";
            case NOP -> "nop\\w*|endbr64|prefetch\\w*|xchg|rdssp[dq]|cldemote|bnd\\w+";
            case PRIVILEGED -> ".*";
            case UD -> "ud[012]\\w?";
            case PUSH_SEGMENT -> "push";
            case POP_SEGMENT -> "pop";
            case MOV_SEGMENT -> "mov";
            case RET_FAR -> "retf\\w?";
            case JMP_FAR -> "jmp";
            case CALL_FAR -> "call";
            case IRET -> "iret\\w?";
            case INT1 -> "int1|icebp";
            case JRCXZ -> "j[re]cxz";
            case BSF -> "bsf|tzcnt";
            case BSR -> "bsr|lzcnt";
            case MOVD, MOVQ -> "mov[dq]";
            case PUSH, POP, PUSHF, POPF, ENTER, LEAVE -> name + "\\w?";
            case FXSAVE, FXRSTOR -> name + "(64)?";
            case RDTSC, CPUID -> name;
            default -> name;
        };
    }
}
