/** Puts the OS emulation layer and the VM's view together. */
module io.scwatcher.enclave {
    requires io.scwatcher.os;
    requires io.scwatcher.vprocfs;
}
