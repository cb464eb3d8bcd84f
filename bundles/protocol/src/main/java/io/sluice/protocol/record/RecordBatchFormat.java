package io.sluice.protocol.record;

/**
 * Where the fields of a record batch of format v2 lie, in bytes from its start, and the bits of its attributes.
 *
 * <p>Base offset and partition leader epoch lie outside the CRC, which covers everything from the attributes on; a broker sets them in
 * place.
 */
public final class RecordBatchFormat {
    public static final int BASE_OFFSET = 0;
    public static final int LENGTH = 8;
    public static final int PARTITION_LEADER_EPOCH = 12;
    public static final int MAGIC = 16;
    public static final int CRC = 17;
    public static final int ATTRIBUTES = 21;
    public static final int LAST_OFFSET_DELTA = 23;
    public static final int BASE_TIMESTAMP = 27;
    public static final int MAX_TIMESTAMP = 35;
    public static final int PRODUCER_ID = 43;
    public static final int PRODUCER_EPOCH = 51;
    public static final int BASE_SEQUENCE = 53;
    public static final int RECORD_COUNT = 57;

    /** The size of the header, and so of a batch without records. */
    public static final int HEADER_BYTES = 61;

    /** Base offset and length: what is not counted by the length. */
    public static final int LOG_OVERHEAD = 12;

    /** What must be there to tell the size and the magic of any batch. */
    public static final int PREFIX_BYTES = MAGIC + 1;

    /** The smallest length that any format allows. */
    static final int LENGTH_MIN = 14;

    public static final byte MAGIC_V2 = 2;

    public static final int COMPRESSION_MASK = 0x07;
    public static final int TIMESTAMP_TYPE_MASK = 0x08;
    public static final int TRANSACTIONAL_MASK = 0x10;
    public static final int CONTROL_MASK = 0x20;
    public static final int DELETE_HORIZON_MASK = 0x40;

    public static final long NO_TIMESTAMP = -1L;
    public static final long NO_PRODUCER_ID = -1L;
    public static final short NO_PRODUCER_EPOCH = -1;
    public static final int NO_SEQUENCE = -1;
    public static final int NO_LEADER_EPOCH = -1;

    private RecordBatchFormat() {}

    /** The sequence number that lies {@code increment} after another; numbers wrap from the largest int to 0. */
    public static int incrementSequence(int sequence, int increment) {
        return (int) (((long) sequence + increment) & Integer.MAX_VALUE);
    }
}
