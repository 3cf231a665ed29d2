/** What the administrator's HTTP routes have in common. Who may use them is decided by the management port. */
@NullMarked
package com.evefan.admin;

import org.jspecify.annotations.NullMarked;
