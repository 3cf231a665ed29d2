package com.evefan.broker;

import java.nio.file.Path;
import java.time.Duration;

/**
 * The broker and how patiently it redelivers.
 *
 * @param url an ActiveMQ client URL, failover included; empty for the embedded broker
 * @param user sent to the broker at {@code url}; empty for none
 * @param password never shown
 * @param directory where the embedded broker keeps its store
 * @param storeLimit the size of the embedded store, in bytes
 * @param firstDelay how long the first batch of a retry queue waits after its first failure
 * @param maxDelay how long it waits at most; the delay doubles until then
 */
public record BrokerSettings(
        String url,
        String user,
        String password,
        Path directory,
        long storeLimit,
        Duration firstDelay,
        Duration maxDelay) {

    public BrokerSettings {
        if (maxDelay.compareTo(firstDelay) < 0) {
            throw new IllegalArgumentException("evefan.retry.max-delay-ms must not be less than evefan.retry.delay-ms ("
                    + firstDelay.toMillis() + "), was " + maxDelay.toMillis());
        }
    }

    public boolean isEmbedded() {
        return url.isEmpty();
    }

    @Override
    public String toString() {
        return isEmbedded() ? "embedded in " + directory : url.replaceAll("//[^/@]*@", "//");
    }
}
