package io.scwatcher.fidelity.fuzz;

/**
 * A node that is read in the rounds.
 *
 * @param path below /proc
 * @param frames the addresses of the page frames that reading it takes from the unchanged dump
 * @param work accesses to the guest's memory that reading it takes then
 * @param sum checksum of what it gives then
 */
record Subject(String path, long[] frames, long work, long sum) {}
