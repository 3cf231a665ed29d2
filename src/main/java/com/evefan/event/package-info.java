/**
 * What an event is: its types, its accepted form, how one is read from a request and checked. Knows neither Camel nor
 * any other package of Evefan.
 */
@NullMarked
package com.evefan.event;

import org.jspecify.annotations.NullMarked;
