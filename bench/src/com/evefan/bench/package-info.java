/**
 * The benchmark: starts Evefan and its yardsticks as processes of their own, sends recorded requests to them in turn, and
 * reports ratios. Built by the Maven profile {@code bench} only.
 */
@NullMarked
package com.evefan.bench;

import org.jspecify.annotations.NullMarked;
