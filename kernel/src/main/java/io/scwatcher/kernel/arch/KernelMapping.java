package io.scwatcher.kernel.arch;

/**
 * How one kernel's addresses lead to memory: the linear mapping of its image, known before any table has been read, and
 * its page tables.
 *
 * @param architecture whose kernel it is
 * @param tables the paging mode that the kernel runs in
 * @param root guest-physical address of the kernel's own top-level table
 * @param imageShift virtual minus physical address, the same for the whole image
 */
public record KernelMapping(Architecture architecture, PageTables tables, long root, long imageShift) {
    /** The guest-physical address of an address inside the kernel image. */
    public long imageToPhysical(long virtual) {
        return virtual - imageShift;
    }

    /** Whether the page tables lead an image address to where the linear mapping says. */
    public boolean agreesOn(PhysicalWords memory, long imageAddress) {
        return tables.translate(memory, root, imageAddress) == imageToPhysical(imageAddress);
    }
}
