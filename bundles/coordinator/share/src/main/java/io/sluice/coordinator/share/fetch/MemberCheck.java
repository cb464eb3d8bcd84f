package io.sluice.coordinator.share.fetch;

import io.sluice.base.ErrorCode;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import org.jspecify.annotations.Nullable;

/** What is asked of every request of a member, before its session. Stateless. */
final class MemberCheck {
    private static final int MEMBER_ID_LENGTH_MAX = 36;

    private MemberCheck() {}

    static ErrorCode errorOf(Request request, @Nullable String groupId, @Nullable String memberId) {
        if (groupId == null || groupId.isEmpty()) {
            return ErrorCode.INVALID_REQUEST;
        }
        if (!request.mayDo(Operation.READ, Resource.group(groupId))) {
            return ErrorCode.GROUP_AUTHORIZATION_FAILED;
        }
        return memberId == null || memberId.isEmpty() || memberId.length() > MEMBER_ID_LENGTH_MAX
                ? ErrorCode.INVALID_REQUEST
                : ErrorCode.NONE;
    }
}
