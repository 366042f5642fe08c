package io.scwatcher.cpu.decode;

/** The instructions on XMM registers, SSE to SSE4.2, and those on MXCSR (SDM vol. 2, appendix A.3). */
final class SseTable {
    static final String ROWS = """
            66 0F FC       | PADDB Vdq,Wdq         |
            66 0F FD       | PADDW Vdq,Wdq         |
            66 0F FE       | PADDD Vdq,Wdq         |
            66 0F D4       | PADDQ Vdq,Wdq         |
            66 0F F8       | PSUBB Vdq,Wdq         |
            66 0F F9       | PSUBW Vdq,Wdq         |
            66 0F FA       | PSUBD Vdq,Wdq         |
            66 0F FB       | PSUBQ Vdq,Wdq         |
            66 0F EC       | PADDSB Vdq,Wdq        |
            66 0F ED       | PADDSW Vdq,Wdq        |
            66 0F DC       | PADDUSB Vdq,Wdq       |
            66 0F DD       | PADDUSW Vdq,Wdq       |
            66 0F E8       | PSUBSB Vdq,Wdq        |
            66 0F E9       | PSUBSW Vdq,Wdq        |
            66 0F D8       | PSUBUSB Vdq,Wdq       |
            66 0F D9       | PSUBUSW Vdq,Wdq       |
            66 0F 74       | PCMPEQB Vdq,Wdq       |
            66 0F 75       | PCMPEQW Vdq,Wdq       |
            66 0F 76       | PCMPEQD Vdq,Wdq       |
            66 0F 64       | PCMPGTB Vdq,Wdq       |
            66 0F 65       | PCMPGTW Vdq,Wdq       |
            66 0F 66       | PCMPGTD Vdq,Wdq       |
            66 0F DA       | PMINUB Vdq,Wdq        |
            66 0F EA       | PMINSW Vdq,Wdq        |
            66 0F DE       | PMAXUB Vdq,Wdq        |
            66 0F EE       | PMAXSW Vdq,Wdq        |
            66 0F DB       | PAND Vdq,Wdq          |
            66 0F DF       | PANDN Vdq,Wdq         |
            66 0F EB       | POR Vdq,Wdq           |
            66 0F EF       | PXOR Vdq,Wdq          |
            66 0F E0       | PAVGB Vdq,Wdq         |
            66 0F E3       | PAVGW Vdq,Wdq         |
            66 0F D5       | PMULLW Vdq,Wdq        |
            66 0F E5       | PMULHW Vdq,Wdq        |
            66 0F E4       | PMULHUW Vdq,Wdq       |
            66 0F F4       | PMULUDQ Vdq,Wdq       |
            66 0F F5       | PMADDWD Vdq,Wdq       |
            66 0F F6       | PSADBW Vdq,Wdq        |
            66 0F 63       | PACKSSWB Vdq,Wdq      |
            66 0F 67       | PACKUSWB Vdq,Wdq      |
            66 0F 6B       | PACKSSDW Vdq,Wdq      |
            66 0F 68       | PUNPCKHBW Vdq,Wdq     |
            66 0F 69       | PUNPCKHWD Vdq,Wdq     |
            66 0F 6A       | PUNPCKHDQ Vdq,Wdq     |
            66 0F F1       | PSLLW Vdq,Wdq         |
            66 0F F2       | PSLLD Vdq,Wdq         |
            66 0F F3       | PSLLQ Vdq,Wdq         |
            66 0F D1       | PSRLW Vdq,Wdq         |
            66 0F D2       | PSRLD Vdq,Wdq         |
            66 0F D3       | PSRLQ Vdq,Wdq         |
            66 0F E1       | PSRAW Vdq,Wdq         |
            66 0F E2       | PSRAD Vdq,Wdq         |
            66 0F 60       | PUNPCKLBW Vdq,Wdq     |
            66 0F 61       | PUNPCKLWD Vdq,Wdq     |
            66 0F 62       | PUNPCKLDQ Vdq,Wdq     |
            66 0F 6C       | PUNPCKLQDQ Vdq,Wdq    |
            66 0F 6D       | PUNPCKHQDQ Vdq,Wdq    |
            66 0F 71 /2    | PSRLW Udq,Ib          |
            66 0F 71 /4    | PSRAW Udq,Ib          |
            66 0F 71 /6    | PSLLW Udq,Ib          |
            66 0F 72 /2    | PSRLD Udq,Ib          |
            66 0F 72 /4    | PSRAD Udq,Ib          |
            66 0F 72 /6    | PSLLD Udq,Ib          |
            66 0F 73 /2    | PSRLQ Udq,Ib          |
            66 0F 73 /6    | PSLLQ Udq,Ib          |
            66 0F 73 /3    | PSRLDQ Udq,Ib         |
            66 0F 73 /7    | PSLLDQ Udq,Ib         |
            66 0F 70       | PSHUFD Vdq,Wdq,Ib     |
            F3 0F 70       | PSHUFHW Vdq,Wdq,Ib    |
            F2 0F 70       | PSHUFLW Vdq,Wdq,Ib    |
            66 0F C4       | PINSRW Vdq,RdMw,Ib    |
            66 0F C5       | PEXTRW Gd,Udq,Ib      |
            66 0F D7       | PMOVMSKB Gd,Udq       |
            66 0F 6E       | MOVD Vdq,Ey           |
            66 0F 7E       | MOVD Ey,Vdq           |
            F3 0F 7E       | MOVQ Vdq,Wq           |
            66 0F D6       | MOVQ Wq,Vdq           |
            66 0F 6F       | MOVDQA Vdq,Wdq        |
            66 0F 7F       | MOVDQA Wdq,Vdq        |
            F3 0F 6F       | MOVDQU Vdq,Wdq        |
            F3 0F 7F       | MOVDQU Wdq,Vdq        |
            66 0F E7       | MOVNTDQ Mdq,Vdq       |
            NP 0F 2B       | MOVNTPS Mdq,Vdq       |
            66 0F 2B       | MOVNTPD Mdq,Vdq       |
            66 0F 38 2A    | MOVNTDQA Vdq,Mdq      |
            F2 0F F0       | LDDQU Vdq,Mdq         |
            66 0F F7       | MASKMOVDQU Vdq,Udq    |
            NP 0F 10       | MOVUPS Vdq,Wdq        |
            NP 0F 11       | MOVUPS Wdq,Vdq        |
            66 0F 10       | MOVUPD Vdq,Wdq        |
            66 0F 11       | MOVUPD Wdq,Vdq        |
            NP 0F 28       | MOVAPS Vdq,Wdq        |
            NP 0F 29       | MOVAPS Wdq,Vdq        |
            66 0F 28       | MOVAPD Vdq,Wdq        |
            66 0F 29       | MOVAPD Wdq,Vdq        |
            F3 0F 10       | MOVSS Vdq,Wd          |
            F3 0F 11       | MOVSS Wd,Vdq          |
            F2 0F 10       | MOVSD_XMM Vdq,Wq      |
            F2 0F 11       | MOVSD_XMM Wq,Vdq      |
            NP 0F 12       | MOVLPS Vdq,Mq         |
            NP 0F 12       | MOVHLPS Vdq,Udq       |
            NP 0F 13       | MOVLPS Mq,Vdq         |
            66 0F 12       | MOVLPD Vdq,Mq         |
            66 0F 13       | MOVLPD Mq,Vdq         |
            NP 0F 16       | MOVHPS Vdq,Mq         |
            NP 0F 16       | MOVLHPS Vdq,Udq       |
            NP 0F 17       | MOVHPS Mq,Vdq         |
            66 0F 16       | MOVHPD Vdq,Mq         |
            66 0F 17       | MOVHPD Mq,Vdq         |
            F3 0F 12       | MOVSLDUP Vdq,Wdq      |
            F3 0F 16       | MOVSHDUP Vdq,Wdq      |
            F2 0F 12       | MOVDDUP Vdq,Wq        |
            NP 0F 50       | MOVMSKPS Gd,Udq       |
            66 0F 50       | MOVMSKPD Gd,Udq       |
            NP 0F 14       | UNPCKLPS Vdq,Wdq      |
            66 0F 14       | UNPCKLPD Vdq,Wdq      |
            NP 0F 15       | UNPCKHPS Vdq,Wdq      |
            66 0F 15       | UNPCKHPD Vdq,Wdq      |
            NP 0F C6       | SHUFPS Vdq,Wdq,Ib     |
            66 0F C6       | SHUFPD Vdq,Wdq,Ib     |
            NP 0F 54       | ANDPS Vdq,Wdq         |
            66 0F 54       | ANDPD Vdq,Wdq         |
            NP 0F 55       | ANDNPS Vdq,Wdq        |
            66 0F 55       | ANDNPD Vdq,Wdq        |
            NP 0F 56       | ORPS Vdq,Wdq          |
            66 0F 56       | ORPD Vdq,Wdq          |
            NP 0F 57       | XORPS Vdq,Wdq         |
            66 0F 57       | XORPD Vdq,Wdq         |
            NP 0F 58       | ADDPS Vdq,Wdq         |
            66 0F 58       | ADDPD Vdq,Wdq         |
            F3 0F 58       | ADDSS Vdq,Wd          |
            F2 0F 58       | ADDSD Vdq,Wq          |
            NP 0F 59       | MULPS Vdq,Wdq         |
            66 0F 59       | MULPD Vdq,Wdq         |
            F3 0F 59       | MULSS Vdq,Wd          |
            F2 0F 59       | MULSD Vdq,Wq          |
            NP 0F 5C       | SUBPS Vdq,Wdq         |
            66 0F 5C       | SUBPD Vdq,Wdq         |
            F3 0F 5C       | SUBSS Vdq,Wd          |
            F2 0F 5C       | SUBSD Vdq,Wq          |
            NP 0F 5D       | MINPS Vdq,Wdq         |
            66 0F 5D       | MINPD Vdq,Wdq         |
            F3 0F 5D       | MINSS Vdq,Wd          |
            F2 0F 5D       | MINSD Vdq,Wq          |
            NP 0F 5E       | DIVPS Vdq,Wdq         |
            66 0F 5E       | DIVPD Vdq,Wdq         |
            F3 0F 5E       | DIVSS Vdq,Wd          |
            F2 0F 5E       | DIVSD Vdq,Wq          |
            NP 0F 5F       | MAXPS Vdq,Wdq         |
            66 0F 5F       | MAXPD Vdq,Wdq         |
            F3 0F 5F       | MAXSS Vdq,Wd          |
            F2 0F 5F       | MAXSD Vdq,Wq          |
            NP 0F 51       | SQRTPS Vdq,Wdq        |
            66 0F 51       | SQRTPD Vdq,Wdq        |
            F3 0F 51       | SQRTSS Vdq,Wd         |
            F2 0F 51       | SQRTSD Vdq,Wq         |
            NP 0F 53       | RCPPS Vdq,Wdq         |
            F3 0F 53       | RCPSS Vdq,Wd          |
            NP 0F 52       | RSQRTPS Vdq,Wdq       |
            F3 0F 52       | RSQRTSS Vdq,Wd        |
            NP 0F C2       | CMPPS Vdq,Wdq,Ib      |
            66 0F C2       | CMPPD Vdq,Wdq,Ib      |
            F3 0F C2       | CMPSS Vdq,Wd,Ib       |
            F2 0F C2       | CMPSD_XMM Vdq,Wq,Ib   |
            NP 0F 2E       | UCOMISS Vdq,Wd        |
            66 0F 2E       | UCOMISD Vdq,Wq        |
            NP 0F 2F       | COMISS Vdq,Wd         |
            66 0F 2F       | COMISD Vdq,Wq         |
            NP 0F 2A       | CVTPI2PS Vdq,Qq       |
            66 0F 2A       | CVTPI2PD Vdq,Qq       |
            F3 0F 2A       | CVTSI2SS Vdq,Ey       |
            F2 0F 2A       | CVTSI2SD Vdq,Ey       |
            NP 0F 2D       | CVTPS2PI Pq,Wq        |
            66 0F 2D       | CVTPD2PI Pq,Wdq       |
            F3 0F 2D       | CVTSS2SI Gy,Wd        |
            F2 0F 2D       | CVTSD2SI Gy,Wq        |
            NP 0F 2C       | CVTTPS2PI Pq,Wq       |
            66 0F 2C       | CVTTPD2PI Pq,Wdq      |
            F3 0F 2C       | CVTTSS2SI Gy,Wd       |
            F2 0F 2C       | CVTTSD2SI Gy,Wq       |
            NP 0F 5A       | CVTPS2PD Vdq,Wq       |
            66 0F 5A       | CVTPD2PS Vdq,Wdq      |
            F3 0F 5A       | CVTSS2SD Vdq,Wd       |
            F2 0F 5A       | CVTSD2SS Vdq,Wq       |
            NP 0F 5B       | CVTDQ2PS Vdq,Wdq      |
            66 0F 5B       | CVTPS2DQ Vdq,Wdq      |
            F3 0F 5B       | CVTTPS2DQ Vdq,Wdq     |
            F3 0F E6       | CVTDQ2PD Vdq,Wq       |
            F2 0F E6       | CVTPD2DQ Vdq,Wdq      |
            66 0F E6       | CVTTPD2DQ Vdq,Wdq     |
            NP 0F AE /2    | LDMXCSR Md            |
            NP 0F AE /3    | STMXCSR Md            |
            F2 0F D0       | ADDSUBPS Vdq,Wdq      |
            66 0F D0       | ADDSUBPD Vdq,Wdq      |
            F2 0F 7C       | HADDPS Vdq,Wdq        |
            66 0F 7C       | HADDPD Vdq,Wdq        |
            F2 0F 7D       | HSUBPS Vdq,Wdq        |
            66 0F 7D       | HSUBPD Vdq,Wdq        |
            66 0F 38 00    | PSHUFB Vdq,Wdq        |
            66 0F 38 01    | PHADDW Vdq,Wdq        |
            66 0F 38 02    | PHADDD Vdq,Wdq        |
            66 0F 38 03    | PHADDSW Vdq,Wdq       |
            66 0F 38 04    | PMADDUBSW Vdq,Wdq     |
            66 0F 38 05    | PHSUBW Vdq,Wdq        |
            66 0F 38 06    | PHSUBD Vdq,Wdq        |
            66 0F 38 07    | PHSUBSW Vdq,Wdq       |
            66 0F 38 08    | PSIGNB Vdq,Wdq        |
            66 0F 38 09    | PSIGNW Vdq,Wdq        |
            66 0F 38 0A    | PSIGND Vdq,Wdq        |
            66 0F 38 0B    | PMULHRSW Vdq,Wdq      |
            66 0F 38 1C    | PABSB Vdq,Wdq         |
            66 0F 38 1D    | PABSW Vdq,Wdq         |
            66 0F 38 1E    | PABSD Vdq,Wdq         |
            66 0F 3A 0F    | PALIGNR Vdq,Wdq,Ib    |
            66 0F 38 10    | PBLENDVB Vdq,Wdq,XMM0 |
            66 0F 38 14    | BLENDVPS Vdq,Wdq,XMM0 |
            66 0F 38 15    | BLENDVPD Vdq,Wdq,XMM0 |
            66 0F 38 17    | PTEST Vdq,Wdq         |
            66 0F 38 20    | PMOVSXBW Vdq,Wq       |
            66 0F 38 30    | PMOVZXBW Vdq,Wq       |
            66 0F 38 21    | PMOVSXBD Vdq,Wd       |
            66 0F 38 31    | PMOVZXBD Vdq,Wd       |
            66 0F 38 22    | PMOVSXBQ Vdq,Ww       |
            66 0F 38 32    | PMOVZXBQ Vdq,Ww       |
            66 0F 38 23    | PMOVSXWD Vdq,Wq       |
            66 0F 38 33    | PMOVZXWD Vdq,Wq       |
            66 0F 38 24    | PMOVSXWQ Vdq,Wd       |
            66 0F 38 34    | PMOVZXWQ Vdq,Wd       |
            66 0F 38 25    | PMOVSXDQ Vdq,Wq       |
            66 0F 38 35    | PMOVZXDQ Vdq,Wq       |
            66 0F 38 28    | PMULDQ Vdq,Wdq        |
            66 0F 38 29    | PCMPEQQ Vdq,Wdq       |
            66 0F 38 2B    | PACKUSDW Vdq,Wdq      |
            66 0F 38 37    | PCMPGTQ Vdq,Wdq       |
            66 0F 38 38    | PMINSB Vdq,Wdq        |
            66 0F 38 39    | PMINSD Vdq,Wdq        |
            66 0F 38 3A    | PMINUW Vdq,Wdq        |
            66 0F 38 3B    | PMINUD Vdq,Wdq        |
            66 0F 38 3C    | PMAXSB Vdq,Wdq        |
            66 0F 38 3D    | PMAXSD Vdq,Wdq        |
            66 0F 38 3E    | PMAXUW Vdq,Wdq        |
            66 0F 38 3F    | PMAXUD Vdq,Wdq        |
            66 0F 38 40    | PMULLD Vdq,Wdq        |
            66 0F 38 41    | PHMINPOSUW Vdq,Wdq    |
            66 0F 3A 08    | ROUNDPS Vdq,Wdq,Ib    |
            66 0F 3A 09    | ROUNDPD Vdq,Wdq,Ib    |
            66 0F 3A 0A    | ROUNDSS Vdq,Wd,Ib     |
            66 0F 3A 0B    | ROUNDSD Vdq,Wq,Ib     |
            66 0F 3A 0C    | BLENDPS Vdq,Wdq,Ib    |
            66 0F 3A 0D    | BLENDPD Vdq,Wdq,Ib    |
            66 0F 3A 0E    | PBLENDW Vdq,Wdq,Ib    |
            66 0F 3A 14    | PEXTRB RdMb,Vdq,Ib    |
            66 0F 3A 15    | PEXTRW RdMw,Vdq,Ib    |
            W0 66 0F 3A 16 | PEXTRD Ed,Vdq,Ib      |
            W 66 0F 3A 16  | PEXTRQ Eq,Vdq,Ib      |
            66 0F 3A 17    | EXTRACTPS Ed,Vdq,Ib   |
            66 0F 3A 20    | PINSRB Vdq,RdMb,Ib    |
            66 0F 3A 21    | INSERTPS Vdq,Wd,Ib    |
            W0 66 0F 3A 22 | PINSRD Vdq,Ed,Ib      |
            W 66 0F 3A 22  | PINSRQ Vdq,Eq,Ib      |
            66 0F 3A 40    | DPPS Vdq,Wdq,Ib       |
            66 0F 3A 41    | DPPD Vdq,Wdq,Ib       |
            66 0F 3A 42    | MPSADBW Vdq,Wdq,Ib    |
            66 0F 3A 60    | PCMPESTRM Vdq,Wdq,Ib  |
            66 0F 3A 61    | PCMPESTRI Vdq,Wdq,Ib  |
            66 0F 3A 62    | PCMPISTRM Vdq,Wdq,Ib  |
            66 0F 3A 63    | PCMPISTRI Vdq,Wdq,Ib  |
            """;

    private SseTable() {
    }
}
