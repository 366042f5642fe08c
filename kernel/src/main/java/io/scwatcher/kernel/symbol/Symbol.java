package io.scwatcher.kernel.symbol;

/**
 * One entry of the symbol table.
 *
 * @param address in this boot
 * @param type the letter of nm(1)
 * @param name without module
 */
public record Symbol(long address, char type, String name) {}
