package io.scwatcher.cpu.memory;

/** Where the frames of a file or shared mapping come from. Anonymous private memory has none. Safe for several threads. */
public interface Backing {
    /**
     * The frame that holds page {@code index} of the object; the same object each time, as long as it is resident, so that processes share it
     * and its decoded code. Behind the end of the file the rest of the last page is zero.
     *
     * @param index byte offset divided by 4096
     * @return null if the page lies wholly behind the end of the object (a fault there is SIGBUS)
     */
    Frame frame(long index);
}
