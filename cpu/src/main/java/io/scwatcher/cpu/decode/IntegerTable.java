package io.scwatcher.cpu.decode;

import java.util.HexFormat;

/** The base instructions in 64-bit mode (SDM vol. 2, appendix A), POPCNT and CRC32. What has no row is #UD, VEX and EVEX prefixes among it. */
final class IntegerTable {
    private static final String[] ARITHMETIC = {"ADD", "OR", "ADC", "SBB", "AND", "SUB", "XOR", "CMP"};
    private static final String[] SHIFTS = {"ROL", "ROR", "RCL", "RCR", "SHL", "SHR", "SHL", "SAR"};

    private static final String ONE_BYTE = """
            50+r   | PUSH Zv            | d64
            58+r   | POP Zv             | d64
            63     | MOVSX Gv,Ez        |
            68     | PUSH Iz            | d64
            69     | IMUL Gv,Ev,Iz      |
            6A     | PUSH Ib            | d64
            6B     | IMUL Gv,Ev,Ib      |
            6C     | PRIVILEGED         |
            6D     | PRIVILEGED         |
            6E     | PRIVILEGED         |
            6F     | PRIVILEGED         |
            70+cc  | JCC Jb             | f64 end
            84     | TEST Eb,Gb         |
            85     | TEST Ev,Gv         |
            86     | XCHG Eb,Gb         | lock
            87     | XCHG Ev,Gv         | lock
            88     | MOV Eb,Gb          |
            89     | MOV Ev,Gv          |
            8A     | MOV Gb,Eb          |
            8B     | MOV Gv,Ev          |
            8C     | MOV_SEGMENT RvMw,Sw |
            8D     | LEA Gv,M           |
            8E     | MOV_SEGMENT Sw,RvMw |
            8F /0  | POP Ev             | d64
            NB F3 90 | PAUSE            |
            NB 90  | NOP                |
            90+r   | XCHG Zv,Av         |
            98     | CBW                |
            99     | CWD                |
            9C     | PUSHF              | d64
            9D     | POPF               | d64 end
            9E     | SAHF               |
            9F     | LAHF               |
            A0     | MOV AL,Ob          |
            A1     | MOV Av,Ov          |
            A2     | MOV Ob,AL          |
            A3     | MOV Ov,Av          |
            A4     | MOVS               | byte rep
            A5     | MOVS               | rep
            A6     | CMPS               | byte rep
            A7     | CMPS               | rep
            A8     | TEST AL,Ib         |
            A9     | TEST Av,Iz         |
            AA     | STOS               | byte rep
            AB     | STOS               | rep
            AC     | LODS               | byte rep
            AD     | LODS               | rep
            AE     | SCAS               | byte rep
            AF     | SCAS               | rep
            B0+r   | MOV Zb,Ib          |
            B8+r   | MOV Zv,Iv          |
            C2     | RET Iw             | f64 end
            C3     | RET                | f64 end
            C6 /0  | MOV Eb,Ib          |
            C7 /0  | MOV Ev,Iz          |
            C8     | ENTER Iw,Ib        | d64
            C9     | LEAVE              | d64
            CA     | RET_FAR Iw         | end
            CB     | RET_FAR            | end
            CC     | INT3               | end
            CD     | INT Ib             | end
            CF     | IRET               | end
            D7     | XLAT               |
            E0     | LOOPNE Jb          | f64 end
            E1     | LOOPE Jb           | f64 end
            E2     | LOOP Jb            | f64 end
            E3     | JRCXZ Jb           | f64 end
            E4     | PRIVILEGED Ib      |
            E5     | PRIVILEGED Ib      |
            E6     | PRIVILEGED Ib      |
            E7     | PRIVILEGED Ib      |
            E8     | CALL Jz            | f64 end
            E9     | JMP Jz             | f64 end
            EB     | JMP Jb             | f64 end
            EC     | PRIVILEGED         |
            ED     | PRIVILEGED         |
            EE     | PRIVILEGED         |
            EF     | PRIVILEGED         |
            F1     | INT1               | end
            F4     | PRIVILEGED         |
            F5     | CMC                |
            F6 /0  | TEST Eb,Ib         |
            F6 /1  | TEST Eb,Ib         |
            F6 /2  | NOT Eb             | lock
            F6 /3  | NEG Eb             | lock
            F6 /4  | MUL Eb             |
            F6 /5  | IMUL Eb            |
            F6 /6  | DIV Eb             |
            F6 /7  | IDIV Eb            |
            F7 /0  | TEST Ev,Iz         |
            F7 /1  | TEST Ev,Iz         |
            F7 /2  | NOT Ev             | lock
            F7 /3  | NEG Ev             | lock
            F7 /4  | MUL Ev             |
            F7 /5  | IMUL Ev            |
            F7 /6  | DIV Ev             |
            F7 /7  | IDIV Ev            |
            F8     | CLC                |
            F9     | STC                |
            FA     | PRIVILEGED         |
            FB     | PRIVILEGED         |
            FC     | CLD                |
            FD     | STD                |
            FE /0  | INC Eb             | lock
            FE /1  | DEC Eb             | lock
            FF /0  | INC Ev             | lock
            FF /1  | DEC Ev             | lock
            FF /2  | CALL Ev            | f64 end
            FF /3  | CALL_FAR M         | end
            FF /4  | JMP Ev             | f64 end
            FF /5  | JMP_FAR M          | end
            FF /6  | PUSH Ev            | d64
            """;

    private static final String TWO_BYTE = """
            0F 00 /0    | PRIVILEGED RvMw    |
            0F 00 /1    | PRIVILEGED RvMw    |
            0F 00 /2    | PRIVILEGED Ew      |
            0F 00 /3    | PRIVILEGED Ew      |
            0F 00 /4    | VERR Ew            |
            0F 00 /5    | VERW Ew            |
            0F 01 /0    | PRIVILEGED M       |
            0F 01 /1    | PRIVILEGED M       |
            0F 01 /2    | PRIVILEGED M       |
            0F 01 /3    | PRIVILEGED M       |
            0F 01 /4    | PRIVILEGED RvMw    |
            0F 01 /6    | PRIVILEGED Ew      |
            0F 01 /7    | PRIVILEGED Mb      |
            0F 01 F8    | PRIVILEGED         |
            0F 01 F9    | RDTSCP             |
            0F 02       | LAR Gv,RvMw        |
            0F 03       | LSL Gv,RvMw        |
            0F 05       | SYSCALL            | end
            0F 06       | PRIVILEGED         |
            0F 07       | PRIVILEGED         |
            0F 08       | PRIVILEGED         |
            0F 09       | PRIVILEGED         |
            0F 0B       | UD                 |
            0F 0D       | NOP M              |
            0F 18       | NOP Ev             |
            0F 19       | NOP Ev             |
            0F 1A       | NOP Ev             |
            0F 1B       | NOP Ev             |
            0F 1C       | NOP Ev             |
            0F 1D       | NOP Ev             |
            0F 1E       | NOP Ev             |
            0F 1F       | NOP Ev             |
            0F 20       | PRIVILEGED Rq      |
            0F 21       | PRIVILEGED Rq      |
            0F 22       | PRIVILEGED Rq      |
            0F 23       | PRIVILEGED Rq      |
            0F 30       | PRIVILEGED         |
            0F 31       | RDTSC              |
            0F 32       | PRIVILEGED         |
            0F 33       | PRIVILEGED         |
            0F 35       | PRIVILEGED         |
            0F 40+cc    | CMOVCC Gv,Ev       |
            0F 80+cc    | JCC Jz             | f64 end
            0F 90+cc    | SETCC Eb           |
            0F A0       | PUSH_SEGMENT FS    | d64
            0F A1       | POP_SEGMENT FS     | d64
            0F A2       | CPUID              |
            0F A3       | BT Ev,Gv           |
            0F A4       | SHLD Ev,Gv,Ib      |
            0F A5       | SHLD Ev,Gv,CL      |
            0F A8       | PUSH_SEGMENT GS    | d64
            0F A9       | POP_SEGMENT GS     | d64
            0F AB       | BTS Ev,Gv          | lock
            0F AC       | SHRD Ev,Gv,Ib      |
            0F AD       | SHRD Ev,Gv,CL      |
            NP 0F AE /7 | CLFLUSH Mb         |
            NP 0F AE E8+i | LFENCE           |
            NP 0F AE F0+i | MFENCE           |
            NP 0F AE F8+i | SFENCE           |
            0F AF       | IMUL Gv,Ev         |
            0F B0       | CMPXCHG Eb,Gb      | lock
            0F B1       | CMPXCHG Ev,Gv      | lock
            0F B2       | LSS Gv,M           |
            0F B3       | BTR Ev,Gv          | lock
            0F B4       | LFS Gv,M           |
            0F B5       | LGS Gv,M           |
            0F B6       | MOVZX Gv,Eb        |
            0F B7       | MOVZX Gv,Ew        |
            F3 0F B8    | POPCNT Gv,Ev       |
            0F B9       | UD Gv,Ev           |
            0F BA /4    | BT Ev,Ib           |
            0F BA /5    | BTS Ev,Ib          | lock
            0F BA /6    | BTR Ev,Ib          | lock
            0F BA /7    | BTC Ev,Ib          | lock
            0F BB       | BTC Ev,Gv          | lock
            0F BC       | BSF Gv,Ev          |
            0F BD       | BSR Gv,Ev          |
            0F BE       | MOVSX Gv,Eb        |
            0F BF       | MOVSX Gv,Ew        |
            0F C0       | XADD Eb,Gb         | lock
            0F C1       | XADD Ev,Gv         | lock
            NP 0F C3    | MOVNTI My,Gy       |
            W0 0F C7 /1 | CMPXCHG8B Mq       | lock
            W 0F C7 /1  | CMPXCHG16B Mdq     | lock
            0F C8+r     | BSWAP Zv           |
            0F FF       | UD Gv,Ev           |
            F2 0F 38 F0 | CRC32 Gy,Eb        |
            F2 0F 38 F1 | CRC32 Gy,Ev        |
            """;

    static final String ROWS = rows();

    private IntegerTable() {
    }

    private static String rows() {
        StringBuilder rows = new StringBuilder(ONE_BYTE).append(TWO_BYTE);
        for (int i = 0; i < 8; i++) {
            String name = ARITHMETIC[i];
            String lock = name.equals("CMP") ? "" : "lock";
            String[] operands = {"Eb,Gb", "Ev,Gv", "Gb,Eb", "Gv,Ev", "AL,Ib", "Av,Iz"};
            for (int j = 0; j < 6; j++) {
                row(rows, HexFormat.of().toHexDigits((byte) (8 * i + j)), name, operands[j], j < 2 ? lock : "");
            }
            row(rows, "80 /" + i, name, "Eb,Ib", lock);
            row(rows, "81 /" + i, name, "Ev,Iz", lock);
            row(rows, "83 /" + i, name, "Ev,Ib", lock);
            row(rows, "C0 /" + i, SHIFTS[i], "Eb,Ib", "");
            row(rows, "C1 /" + i, SHIFTS[i], "Ev,Ib", "");
            row(rows, "D0 /" + i, SHIFTS[i], "Eb,1", "");
            row(rows, "D1 /" + i, SHIFTS[i], "Ev,1", "");
            row(rows, "D2 /" + i, SHIFTS[i], "Eb,CL", "");
            row(rows, "D3 /" + i, SHIFTS[i], "Ev,CL", "");
        }
        return rows.toString();
    }

    private static void row(StringBuilder rows, String encoding, String name, String operands, String attributes) {
        rows.append(encoding).append(" | ").append(name).append(' ').append(operands).append(" | ").append(attributes).append('\n');
    }
}
