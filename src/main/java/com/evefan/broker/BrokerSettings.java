package com.evefan.broker;

import java.nio.file.Path;

/**
 * The broker.
 *
 * @param url an ActiveMQ client URL, failover included; empty for the embedded broker
 * @param user sent to the broker at {@code url}; empty for none
 * @param password never shown
 * @param directory where the embedded broker keeps its store
 * @param storeLimit the size of the embedded store, in bytes
 */
public record BrokerSettings(String url, String user, String password, Path directory, long storeLimit) {
    public boolean isEmbedded() {
        return url.isEmpty();
    }

    @Override
    public String toString() {
        return isEmbedded() ? "embedded in " + directory : url.replaceAll("//[^/@]*@", "//");
    }
}
