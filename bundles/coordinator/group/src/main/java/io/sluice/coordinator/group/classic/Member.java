package io.sluice.coordinator.group.classic;

import io.sluice.coordinator.runtime.Reply;
import io.sluice.protocol.message.JoinGroupResponse;
import io.sluice.protocol.message.SyncGroupResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A member of a classic group, and the requests of it that wait. Changed by its group only. */
public final class Member {
    static final byte[] NO_ASSIGNMENT = new byte[0];

    private final String memberId;
    private final @Nullable String instanceId;
    private final String clientId;
    private final String clientHost;
    private int rebalanceTimeoutMs;
    private int sessionTimeoutMs;
    private List<JoinProtocol> protocols;
    private byte[] assignment = NO_ASSIGNMENT;
    private boolean fresh;

    @Nullable
    Reply<JoinGroupResponse> awaitingJoin;

    @Nullable
    Reply<SyncGroupResponse> awaitingSync;

    Member(
            String memberId,
            @Nullable String instanceId,
            String clientId,
            String clientHost,
            int rebalanceTimeoutMs,
            int sessionTimeoutMs,
            List<JoinProtocol> protocols) {
        this.memberId = memberId;
        this.instanceId = instanceId;
        this.clientId = clientId;
        this.clientHost = clientHost;
        this.rebalanceTimeoutMs = rebalanceTimeoutMs;
        this.sessionTimeoutMs = sessionTimeoutMs;
        this.protocols = List.copyOf(protocols);
    }

    public String memberId() {
        return memberId;
    }

    public @Nullable String instanceId() {
        return instanceId;
    }

    public String clientId() {
        return clientId;
    }

    public String clientHost() {
        return clientHost;
    }

    public int rebalanceTimeoutMs() {
        return rebalanceTimeoutMs;
    }

    public int sessionTimeoutMs() {
        return sessionTimeoutMs;
    }

    public List<JoinProtocol> protocols() {
        return protocols;
    }

    public byte[] assignment() {
        return assignment;
    }

    public boolean isStatic() {
        return instanceId != null;
    }

    boolean isAwaitingJoin() {
        return awaitingJoin != null;
    }

    /** True until it has been told its id by the end of a first rebalance: it cannot send heartbeats before. */
    boolean isFresh() {
        return fresh;
    }

    void setFresh(boolean value) {
        fresh = value;
    }

    /** While a request of it waits here, a member need not send heartbeats. */
    boolean isExcused() {
        return !fresh && (awaitingJoin != null || awaitingSync != null);
    }

    void setAssignment(byte[] bytes) {
        assignment = bytes;
    }

    void update(List<JoinProtocol> newProtocols, int newRebalanceTimeoutMs, int newSessionTimeoutMs) {
        protocols = List.copyOf(newProtocols);
        rebalanceTimeoutMs = newRebalanceTimeoutMs;
        sessionTimeoutMs = newSessionTimeoutMs;
    }

    boolean supports(String protocolName) {
        for (JoinProtocol protocol : protocols) {
            if (protocol.name().equals(protocolName)) {
                return true;
            }
        }
        return false;
    }

    /** The metadata for a protocol; empty when it does not speak it. */
    public byte[] metadata(@Nullable String protocolName) {
        for (JoinProtocol protocol : protocols) {
            if (protocol.name().equals(protocolName)) {
                return protocol.metadata();
            }
        }
        return NO_ASSIGNMENT;
    }

    @Override
    public String toString() {
        return "Member(" + memberId + (instanceId == null ? "" : ", instance " + instanceId) + ")";
    }
}
