package io.sluice.admin.commands;

import io.sluice.admin.api.CommandException;
import io.sluice.base.ErrorCode;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.Message;
import io.sluice.protocol.message.FindCoordinatorRequest;
import io.sluice.protocol.message.FindCoordinatorResponse;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;

/**
 * Requests to a group's coordinator. As clients do, it asks for the coordinator when the answer says that this is none, which
 * also makes the internal topic of offsets, and tries again for some seconds.
 */
final class GroupCoordinatorCalls {
    private static final int TRIES = 50;
    private static final long PAUSE_MS = 200;
    private static final Set<ErrorCode> PASSING = Set.of(
            ErrorCode.NOT_COORDINATOR, ErrorCode.COORDINATOR_NOT_AVAILABLE, ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);

    private final BrokerAccess access;

    GroupCoordinatorCalls(BrokerAccess access) {
        this.access = access;
    }

    /**
     * @param error finds the error's code in an answer
     * @return the first answer without a passing error, or the last one
     */
    <M extends Message> M send(
            ApiKey api, short version, Message request, Class<M> type, String group, ToIntFunction<M> error)
            throws CommandException {
        M answer = access.send(api, version, request, type);
        for (int i = 0; i < TRIES && PASSING.contains(ErrorCode.of((short) error.applyAsInt(answer))); i++) {
            access.send(
                    ApiKey.FIND_COORDINATOR,
                    new FindCoordinatorRequest().setKeyType((byte) 0).setCoordinatorKeys(List.of(group)),
                    FindCoordinatorResponse.class);
            pause();
            answer = access.send(api, version, request, type);
        }
        return answer;
    }

    private static void pause() throws CommandException {
        try {
            new CountDownLatch(1).await(PAUSE_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException(1, "interrupted");
        }
    }
}
