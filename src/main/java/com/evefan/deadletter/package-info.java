/** Events that a destination, or ingestion, will never take: kept whole, with the reason, to be looked at and replayed. */
@NullMarked
package com.evefan.deadletter;

import org.jspecify.annotations.NullMarked;
