package io.sluice.coordinator.share.partition;

/** What a consumer says of a record, by the codes of the protocol. */
final class AcknowledgeType {
    /** There is no such record. */
    static final byte GAP = 0;

    static final byte ACCEPT = 1;
    static final byte RELEASE = 2;
    static final byte REJECT = 3;

    /** It needs the record for longer (KIP-1222). */
    static final byte RENEW = 4;

    private AcknowledgeType() {}
}
