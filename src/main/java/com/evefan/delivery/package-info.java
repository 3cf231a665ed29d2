/**
 * The shell around every delivery: destinations, order, acknowledgement, partial delivery, splitting, and the ways in
 * which a delivery fails.
 */
@NullMarked
package com.evefan.delivery;

import org.jspecify.annotations.NullMarked;
