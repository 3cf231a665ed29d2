/**
 * What became of every event, by destination. One equation holds at every moment: accepted = delivered + pending +
 * retrying + dead + rejected.
 */
@NullMarked
package com.evefan.counters;

import org.jspecify.annotations.NullMarked;
