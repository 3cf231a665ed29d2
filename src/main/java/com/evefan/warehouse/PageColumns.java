package com.evefan.warehouse;

import com.evefan.warehouse.WarehouseRows.RowValues;

/** The columns of pages and screens that the event itself, its properties or {@code context.page} may name. */
final class PageColumns {
    static final String[] OF_SCREENS = {"category", "name"};
    static final String[] OF_PAGES = {"category", "name", "path", "title", "url", "referrer", "search"};

    private final EventMembers event;
    private final Members contextPage;

    /** To be made before other columns take their members out of {@code context.page}. */
    PageColumns(EventMembers event) {
        this.event = event;
        this.contextPage = event.context("page").copy();
    }

    void fill(RowValues values, String... names) {
        for (String name : names) {
            String value = event.own().takeText(name);
            if (value == null) {
                value = event.properties().takeText(name);
            }
            if (value == null) {
                value = contextPage.text(name);
            }
            event.properties().takeEqual(name, value);
            event.context("page").takeEqual(name, value);
            values.add(value);
        }
    }
}
