/** The route files: what they must say, how they are checked before they run, and how they are loaded again after an edit. */
@NullMarked
package com.evefan.route;

import org.jspecify.annotations.NullMarked;
