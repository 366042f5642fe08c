package io.scwatcher.memory;

import java.util.List;
import java.util.Optional;

/** A memory that says of itself what another one says. What is read, and what closing means, is its subclass's affair; it is its own epoch. */
public abstract class ForwardingMemory implements GuestMemory {
    private final GuestMemory memory;

    protected ForwardingMemory(GuestMemory memory) {
        this.memory = memory;
    }

    @Override
    public String description() {
        return memory.description();
    }

    @Override
    public List<PhysicalRange> ram() {
        return memory.ram();
    }

    @Override
    public List<PhysicalRange> populated(PhysicalRange within) {
        return memory.populated(within);
    }

    @Override
    public Optional<VmControl> control() {
        return memory.control();
    }

    @Override
    public boolean isLive() {
        return memory.isLive();
    }

    @Override
    public void check() {
        memory.check();
    }

    @Override
    public Optional<byte[]> vmcoreinfo() {
        return memory.vmcoreinfo();
    }
}
