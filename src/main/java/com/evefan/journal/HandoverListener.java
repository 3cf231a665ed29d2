package com.evefan.journal;

/** Who looks after what the consumer hands out; at most one in Camel's registry. */
public interface HandoverListener {
    /** Whether anybody is owed what is appended now. Asked for every append. */
    boolean isAnybodyOwed();

    /** Nothing is being handed out, and something is taken next. On the consumer's thread. */
    void beforeHandover();

    /** The route that fans out has failed as a whole: nobody has {@code handover} for certain. On the consumer's thread. */
    void failed(Handover handover, Throwable why);
}
