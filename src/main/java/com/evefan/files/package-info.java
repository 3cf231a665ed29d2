/** Files and directories that are for Evefan's user alone. */
@NullMarked
package com.evefan.files;

import org.jspecify.annotations.NullMarked;
