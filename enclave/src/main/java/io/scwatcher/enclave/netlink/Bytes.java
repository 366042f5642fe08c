package io.scwatcher.enclave.netlink;

import io.scwatcher.kernel.KObject;

/** Raw bytes of kernel objects. */
final class Bytes {
    private Bytes() {}

    static byte[] of(KObject object, int length) {
        byte[] bytes = new byte[length];
        object.memory().read(object.address(), bytes, 0, length);
        return bytes;
    }

    static boolean isZero(byte[] bytes) {
        for (byte one : bytes) {
            if (one != 0) {
                return false;
            }
        }
        return true;
    }
}
