package io.sluice.coordinator.share.group;

import io.sluice.base.ErrorCode;
import io.sluice.coordinator.runtime.Reply;

/** Nobody waits for the outcome of an event: a state that is gone needs it no more, the next one begins anew. */
final class Unheard implements Reply<Void> {
    static final Unheard REPLY = new Unheard();

    private Unheard() {}

    @Override
    public void answer(Void outcome) {}

    @Override
    public void refuse(ErrorCode error) {}
}
