/**
 * The journal of several nodes: a topic of Kafka. {@link KafkaJournal} appends and hands out, a {@link KafkaPlace} is this
 * node's share of one destination's place, {@link TopicCheck} says at the start what is wrong with the cluster.
 *
 * <p>Each destination has a consumer group. What is saved of its place is the group's committed offset of each partition, and
 * in the offset's metadata what became of the events before it: both move together, whichever node has the partition.
 */
@NullMarked
package com.evefan.journal.kafka;

import org.jspecify.annotations.NullMarked;
