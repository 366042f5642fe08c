package io.scwatcher.vfs;

/** A device, FIFO or socket: it has attributes and cannot be opened through this interface. */
public non-sealed interface SpecialFile extends Node {}
