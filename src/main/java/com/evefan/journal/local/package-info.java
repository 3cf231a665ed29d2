/**
 * The journal in files of one directory.
 *
 * <p>{@link com.evefan.journal.local.Writer} is the one thread that appends: records ({@link
 * com.evefan.journal.local.Piece}) in segments of a fixed size, one sync for all that waits. {@link
 * com.evefan.journal.local.Tail} keeps the newest of them decoded for those who keep up; {@link
 * com.evefan.journal.local.Reader} reads the rest from disk. {@link com.evefan.journal.local.LocalJournal} hands them out
 * and owns the places, {@link com.evefan.journal.local.Keeper} saves these, makes new files and deletes old ones. {@link
 * com.evefan.journal.local.LocalHistory} reads and blanks what is kept, and finds events by {@link
 * com.evefan.journal.local.MessageIndex}. Nobody touches a file but through {@link com.evefan.journal.local.Disk}.
 */
@NullMarked
package com.evefan.journal.local;

import org.jspecify.annotations.NullMarked;
