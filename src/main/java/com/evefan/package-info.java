/** Evefan, an event gateway. */
@NullMarked
package com.evefan;

import org.jspecify.annotations.NullMarked;
