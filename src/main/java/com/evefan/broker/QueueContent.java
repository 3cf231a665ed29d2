package com.evefan.broker;

/**
 * What a queue holds.
 *
 * @param messages persistent messages
 * @param events the sum of their property {@value BrokerQueues#EVENTS}
 * @param bytes the sum of their bodies, about
 */
public record QueueContent(long messages, long events, long bytes) {}
