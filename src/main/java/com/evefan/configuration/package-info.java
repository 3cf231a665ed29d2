/** The settings: every {@code evefan.*} key, read once, checked together. Nothing else reads the environment. */
@NullMarked
package com.evefan.configuration;

import org.jspecify.annotations.NullMarked;
