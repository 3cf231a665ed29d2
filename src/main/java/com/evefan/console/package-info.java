/**
 * What the console shows and the management port tells as JSON; {@code management-openapi.json} is the contract. {@link
 * com.evefan.console.Traffic} hears what happens, {@link com.evefan.console.Console} makes numbers of it, by the minute and,
 * while somebody looks, by the second, and {@link com.evefan.console.Streams} tells those who look.
 */
@NullMarked
package com.evefan.console;

import org.jspecify.annotations.NullMarked;
