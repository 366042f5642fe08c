package io.scwatcher.cpu.oracle;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.Engine;
import io.scwatcher.cpu.Event;
import io.scwatcher.cpu.memory.AddressSpace;
import io.scwatcher.cpu.memory.FrameAccount;
import io.scwatcher.cpu.memory.Mapping;
import java.util.Arrays;

/** Executes single instructions on one of our engines, in the same surroundings as the oracle's. */
final class EngineUnderTest {
    private static final int[] SEGMENTS = {0, Cpu.USER_CS, Cpu.USER_DS, 0, 0, 0};

    private final Engine engine;
    private final AddressSpace memory = new AddressSpace(FrameAccount.UNLIMITED);
    private final Cpu cpu = new Cpu(memory);
    private final byte[] page = new byte[4096];

    EngineUnderTest(Engine engine) {
        this.engine = engine;
        memory.map(MachineState.CODE, 4096, Mapping.READ | Mapping.WRITE | Mapping.EXECUTE, null, 0, false, null);
        memory.map(MachineState.DATA, 4096, Mapping.READ | Mapping.WRITE, null, 0, false, null);
        memory.write(MachineState.DATA, new byte[1], 0, 1);
        memory.map(MachineState.COLD, 4096, Mapping.READ, null, 0, false, null);
        memory.map(MachineState.WARM, 4096, Mapping.READ, null, 0, false, null);
        memory.map(MachineState.HIDDEN, 4096, Mapping.READ | Mapping.WRITE, null, 0, false, null);
        memory.write(MachineState.HIDDEN, new byte[1], 0, 1);
        memory.protect(MachineState.HIDDEN, 4096, 0);
        Arrays.fill(page, (byte) 0xcc);
    }

    MachineState execute(TestCase one) {
        byte[] code = one.code();
        MachineState before = one.before();
        memory.write(MachineState.CODE, page, 0, page.length);
        memory.write(MachineState.START, code, 0, code.length);
        memory.write(MachineState.MEMORY, before.memory, 0, MachineState.WINDOW);
        System.arraycopy(before.gpr, 0, cpu.gpr, 0, 16);
        cpu.fxrstor(before.fx);
        cpu.setRflags(before.flags);
        cpu.fsBase = before.fsBase;
        cpu.gsBase = before.gsBase;
        System.arraycopy(SEGMENTS, 0, cpu.segments, 0, SEGMENTS.length);
        cpu.rip = MachineState.START;
        cpu.faultAddress = 0;
        memory.discard(MachineState.COLD, 4096);
        memory.read(MachineState.WARM, new byte[1], 0, 1);
        Event event = engine.run(cpu);
        MachineState after = new MachineState();
        after.vector = event == Event.EXCEPTION ? cpu.vector : -1;
        after.error = cpu.errorCode;
        after.faultAddress = cpu.faultAddress;
        after.rip = cpu.rip;
        System.arraycopy(cpu.gpr, 0, after.gpr, 0, 16);
        after.flags = cpu.rflags();
        System.arraycopy(cpu.fxsave(), 0, after.fx, 0, 512);
        memory.read(MachineState.MEMORY, after.memory, 0, MachineState.WINDOW);
        return after;
    }
}
