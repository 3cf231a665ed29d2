/**
 * The management port: who may use it, Hawtio's pages, and the console {@code /q/dev/evefan}. Health, metrics, Jolokia
 * and the other consoles on it are Camel's own.
 */
@NullMarked
package com.evefan.management;

import org.jspecify.annotations.NullMarked;
