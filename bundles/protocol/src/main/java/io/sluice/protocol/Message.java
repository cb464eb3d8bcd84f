package io.sluice.protocol;

/**
 * A message whose codec is generated from a schema: a request, a response, a header, or the key or value of an internal record.
 *
 * <p>Mutable data for one thread at a time. {@code read} overwrites every field, so that an instance can be reused.
 */
public interface Message {
    /** The API key or, for internal records, the record type; -1 when the schema has none. */
    short apiKey();

    short lowestSupportedVersion();

    short highestSupportedVersion();

    /**
     * Replaces the content by what the reader holds. Record payloads and zero-copy bytes are slices of the reader's buffer and live as
     * long as it does; everything else is copied.
     *
     * @throws MalformedMessageException when the bytes are not such a message
     * @throws UnsupportedVersionException when the schema does not have this version
     */
    void read(MessageReader in, short version);

    /**
     * Appends the content. Record payloads are handed to the writer, which releases them with the frame.
     *
     * @throws UnsupportedVersionException when the schema does not have this version, or this version cannot express a field that is set
     */
    void write(MessageWriter out, short version);
}
