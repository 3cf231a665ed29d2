/** How Evefan is doing: a report for people, the same as Camel health checks for probes. */
@NullMarked
package com.evefan.health;

import org.jspecify.annotations.NullMarked;
