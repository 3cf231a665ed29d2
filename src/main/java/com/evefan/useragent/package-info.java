/** What a user agent string tells of browser, operating system and device. */
@NullMarked
package com.evefan.useragent;

import org.jspecify.annotations.NullMarked;
