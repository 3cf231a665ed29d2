/** The ActiveMQ broker that keeps what has to wait: embedded, or the user's own. */
@NullMarked
package com.evefan.broker;

import org.jspecify.annotations.NullMarked;
