package io.scwatcher.vprocfs;

/** Who is reading: what /proc/self and /proc/thread-self point to. */
public interface SelfProvider {
    /** Nobody of this PID namespace: the links lead nowhere, as the kernel does it for readers from outside. */
    SelfProvider NOBODY = new SelfProvider() {
        @Override
        public int process() {
            return 0;
        }

        @Override
        public int thread() {
            return 0;
        }
    };

    /** The reader's process id in the view's PID namespace, 0 if it has none. */
    int process();

    /** The reader's thread id in the view's PID namespace, 0 if it has none. */
    int thread();
}
