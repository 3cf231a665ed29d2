/**
 * The journal in files of one directory.
 *
 * <p>{@link com.evefan.journal.local.Writer} is the one thread that appends: records ({@link
 * com.evefan.journal.local.Piece}) in segments of a fixed size, one sync for all that waits. {@link
 * com.evefan.journal.local.Tail} keeps the newest of them decoded for those who keep up; {@link
 * com.evefan.journal.local.Reader} reads the rest from disk. {@link com.evefan.journal.local.LocalJournal} owns the
 * places, {@link com.evefan.journal.local.Taker} hands out what stands behind them, {@link
 * com.evefan.journal.local.Keeper} saves them and makes new files, {@link com.evefan.journal.local.RoomOnDisk} says
 * when there is no more room and deletes old files. {@link com.evefan.journal.local.LocalHistory} reads what is kept,
 * finds it by {@link com.evefan.journal.local.IdIndex}, and blanks it by {@link com.evefan.journal.local.Erasing}.
 * Nobody touches a file but through {@link com.evefan.journal.local.Disk}.
 */
@NullMarked
package com.evefan.journal.local;

import org.jspecify.annotations.NullMarked;
