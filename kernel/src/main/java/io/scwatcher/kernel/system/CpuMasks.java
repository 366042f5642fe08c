package io.scwatcher.kernel.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.type.CType;
import java.util.Arrays;
import java.util.BitSet;

/** CPU masks, in place or behind a pointer ({@code cpumask_var_t} is either, as the kernel was configured). */
public final class CpuMasks {
    private CpuMasks() {}

    /** The CPUs of a {@code struct cpumask}, ascending; bits beyond the possible CPUs are not read. */
    public static int[] of(Kernel kernel, long mask) {
        return bits(kernel, mask).stream().toArray();
    }

    /** The CPUs of a member of type {@code cpumask_var_t} or {@code struct cpumask}. */
    public static int[] of(KObject member) {
        boolean isPointer = member.type() instanceof CType.Pointer;
        long mask = isPointer ? member.memory().u64(member.address()) : member.address();
        return mask == 0 ? new int[0] : of(member.kernel(), mask);
    }

    /** The CPUs of CPU {@code cpu}'s copy of a per-CPU {@code cpumask_var_t}. */
    public static int[] ofVariable(Kernel kernel, String symbol, int cpu) {
        return of(new Variables(kernel).perCpu(symbol, "cpumask_var_t", cpu));
    }

    /** {@code %*pb} of a mask: {@code nr_cpu_ids} bits in hexadecimal, a comma between words of 32. */
    public static String hex(Kernel kernel, int[] cpus) {
        int width = width(kernel);
        StringBuilder text = new StringBuilder();
        for (int word = (width + 31) / 32 - 1; word >= 0; word--) {
            long bits = 0;
            for (int cpu : cpus) {
                bits |= cpu / 32 == word ? 1L << cpu % 32 : 0;
            }
            int digits = (Math.min(32, width - word * 32) + 3) / 4;
            String hex = Long.toHexString(bits);
            text.append("0".repeat(Math.max(0, digits - hex.length()))).append(hex).append(word == 0 ? "" : ",");
        }
        return text.toString();
    }

    /** {@code %*pbl}: runs of CPUs, {@code 0-1,3}. */
    public static String list(int[] cpus) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < cpus.length; ) {
            int end = i;
            while (end + 1 < cpus.length && cpus[end + 1] == cpus[end] + 1) {
                end++;
            }
            text.append(i == 0 ? "" : ",").append(cpus[i]).append(end == i ? "" : "-" + cpus[end]);
            i = end + 1;
        }
        return text.toString();
    }

    /** {@code nr_cpu_ids}. */
    private static int width(Kernel kernel) {
        int last = Arrays.stream(kernel.possibleCpus()).max().orElse(0);
        Variables variables = new Variables(kernel);
        return variables.has("nr_cpu_ids") ? Math.clamp(variables.s32("nr_cpu_ids"), 1, 8192) : last + 1;
    }

    private static BitSet bits(Kernel kernel, long mask) {
        int last = Arrays.stream(kernel.possibleCpus()).max().orElse(0);
        byte[] bytes = new byte[last / 8 + 1];
        kernel.memory().read(mask, bytes, 0, bytes.length);
        BitSet bits = BitSet.valueOf(bytes);
        bits.clear(last + 1, bytes.length * 8);
        return bits;
    }
}
