package com.evefan.journal;

/** Who looks after what the consumer hands out; at most one in Camel's registry. Called on the consumer's thread. */
public interface HandoverListener {
    /** Nothing is being handed out, and something is taken next. */
    void beforeHandover();

    /** The route that fans out has failed as a whole: nobody has {@code handover} for certain. */
    void failed(Handover handover, Throwable why);
}
