/** Tracking plans: what events a source may send, and how they look, as JSON Schemas in files. */
@NullMarked
package com.evefan.plan;

import org.jspecify.annotations.NullMarked;
