package com.evefan.warehouse;

import com.evefan.warehouse.RowAssembler.RowValues;

/** The columns of pages and screens that the event itself, its properties or {@code context.page} may name. */
final class PageColumns {
    private static final String[] OF_SCREENS = {"category", "name"};
    private static final String[] OF_PAGES = {"category", "name", "path", "title", "url", "referrer", "search"};

    private PageColumns() {}

    static void fillPage(RowValues values, EventMembers event) {
        fill(values, event, OF_PAGES);
    }

    static void fillScreen(RowValues values, EventMembers event) {
        fill(values, event, OF_SCREENS);
    }

    private static void fill(RowValues values, EventMembers event, String[] names) {
        Members contextPage = event.context("page");
        for (String name : names) {
            Utf8Text value = event.own().takeText(name);
            if (value == null) {
                value = event.properties().takeText(name);
            }
            if (value == null) {
                value = contextPage.tellText(name); // also where a column of the context has taken it
            }
            event.properties().takeEqual(name, value);
            contextPage.takeEqual(name, value);
            values.add(value);
        }
    }
}
