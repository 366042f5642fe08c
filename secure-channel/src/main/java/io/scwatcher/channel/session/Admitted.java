package io.scwatcher.channel.session;

import io.scwatcher.channel.page.PageServer;

/**
 * What an enclave was admitted to.
 *
 * @param vm for people
 * @param release to be run when the connection has ended
 */
public record Admitted(PageServer pages, String vm, Runnable release) {
}
