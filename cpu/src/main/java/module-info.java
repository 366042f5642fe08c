/** An x86-64 user-mode engine: decoder, interpreter, compiler to JVM bytecode, guest address spaces. */
module io.scwatcher.cpu {
    exports io.scwatcher.cpu;
    exports io.scwatcher.cpu.memory;
}
