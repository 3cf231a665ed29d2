/** Who may look at Evefan's state and change it over HTTP. */
@NullMarked
package com.evefan.admin;

import org.jspecify.annotations.NullMarked;
