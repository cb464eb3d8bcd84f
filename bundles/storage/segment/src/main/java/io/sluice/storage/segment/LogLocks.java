package io.sluice.storage.segment;

import java.util.concurrent.locks.ReentrantLock;

/**
 * The locks of one log, in the order in which they are taken.
 *
 * @param background for who flushes or takes files away
 * @param writing for who changes what readers see; held for no more than an append
 */
record LogLocks(ReentrantLock background, ReentrantLock writing) {
    LogLocks() {
        this(new ReentrantLock(), new ReentrantLock());
    }

    void lockAll() {
        background.lock();
        writing.lock();
    }

    void unlockAll() {
        writing.unlock();
        background.unlock();
    }
}
