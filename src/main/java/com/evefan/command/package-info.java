/** Commands for operators, over the HTTP API of a running Evefan. */
@NullMarked
package com.evefan.command;

import org.jspecify.annotations.NullMarked;
