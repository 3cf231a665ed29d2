/**
 * What Prometheus reads at {@code /observe/metrics}: times as Micrometer histograms, everything else from the same report
 * as health and the console, so that the numbers of one moment agree.
 */
@NullMarked
package com.evefan.metrics;

import org.jspecify.annotations.NullMarked;
