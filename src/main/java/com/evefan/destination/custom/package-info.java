/**
 * What a destination that is nothing but a YAML file works with: a batch's events one by one as JSON, those that are
 * wanted collected again, and a signature over what is sent.
 */
@NullMarked
package com.evefan.destination.custom;

import org.jspecify.annotations.NullMarked;
