/** A VM's memory, brought encrypted from the agent to the enclave. */
module io.scwatcher.channel {
    requires transitive io.scwatcher.attestation;
    requires transitive io.scwatcher.memory;

    exports io.scwatcher.channel;
    exports io.scwatcher.channel.page;
    exports io.scwatcher.channel.relay;
    exports io.scwatcher.channel.session;
    exports io.scwatcher.channel.tls;
}
