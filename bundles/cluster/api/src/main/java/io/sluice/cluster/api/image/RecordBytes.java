package io.sluice.cluster.api.image;

import io.sluice.protocol.MalformedMessageException;
import io.sluice.protocol.Message;
import io.sluice.protocol.MessageReader;
import io.sluice.protocol.MessageWriter;
import io.sluice.protocol.OutboundPart;
import io.sluice.protocol.UnsupportedVersionException;
import io.sluice.protocol.metadata.BrokerRegistrationChangeRecord;
import io.sluice.protocol.metadata.ClientQuotaRecord;
import io.sluice.protocol.metadata.ConfigRecord;
import io.sluice.protocol.metadata.FeatureLevelRecord;
import io.sluice.protocol.metadata.NoOpRecord;
import io.sluice.protocol.metadata.PartitionChangeRecord;
import io.sluice.protocol.metadata.PartitionRecord;
import io.sluice.protocol.metadata.ProducerIdsRecord;
import io.sluice.protocol.metadata.RegisterBrokerRecord;
import io.sluice.protocol.metadata.RemoveTopicRecord;
import io.sluice.protocol.metadata.RemoveUserScramCredentialRecord;
import io.sluice.protocol.metadata.TopicRecord;
import io.sluice.protocol.metadata.UnregisterBrokerRecord;
import io.sluice.protocol.metadata.UserScramCredentialRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Metadata records in Kafka's frame: the frame's version, the record's type and its version as unsigned varints, then the
 * record.
 */
public final class RecordBytes {
    private static final int FRAME_VERSION = 1;
    private static final Map<Short, Supplier<? extends Message>> TYPES = types();

    private RecordBytes() {}

    /** In a buffer of its own, ready to be read. */
    public static ByteBuffer encode(Message record) {
        MessageWriter out = new MessageWriter();
        out.writeUnsignedVarint(FRAME_VERSION);
        out.writeUnsignedVarint(record.apiKey());
        out.writeUnsignedVarint(record.highestSupportedVersion());
        record.write(out, record.highestSupportedVersion());
        return ((OutboundPart.Bytes) out.finish().parts().get(0)).buffer();
    }

    public static List<ByteBuffer> encode(List<? extends Message> records) {
        List<ByteBuffer> all = new ArrayList<>(records.size());
        for (Message record : records) {
            all.add(encode(record));
        }
        return all;
    }

    /** @throws UnusableRecordException when this is not a record of a known type and version */
    public static Message decode(ByteBuffer bytes) {
        try {
            MessageReader in = new MessageReader(bytes);
            int frameVersion = in.readUnsignedVarint("frame version");
            if (frameVersion != FRAME_VERSION) {
                throw new UnusableRecordException("A metadata record has the unknown frame version " + frameVersion);
            }
            int type = in.readUnsignedVarint("record type");
            int version = in.readUnsignedVarint("record version");
            Supplier<? extends Message> maker = type == (short) type ? TYPES.get((short) type) : null;
            if (maker == null || version != (short) version) {
                throw new UnusableRecordException("A metadata record of the type " + type + " and version " + version
                        + " is not known to this version");
            }
            Message record = maker.get();
            record.read(in, (short) version);
            if (in.remaining() > 0) {
                throw new UnusableRecordException("A metadata record is followed by " + in.remaining() + " bytes");
            }
            return record;
        } catch (MalformedMessageException | UnsupportedVersionException e) {
            throw new UnusableRecordException("A metadata record cannot be read: " + e.getMessage());
        }
    }

    private static Map<Short, Supplier<? extends Message>> types() {
        List<Supplier<? extends Message>> makers = List.of(
                RegisterBrokerRecord::new,
                UnregisterBrokerRecord::new,
                BrokerRegistrationChangeRecord::new,
                TopicRecord::new,
                PartitionRecord::new,
                PartitionChangeRecord::new,
                RemoveTopicRecord::new,
                ConfigRecord::new,
                FeatureLevelRecord::new,
                ProducerIdsRecord::new,
                UserScramCredentialRecord::new,
                RemoveUserScramCredentialRecord::new,
                ClientQuotaRecord::new,
                NoOpRecord::new);
        Map<Short, Supplier<? extends Message>> types = new HashMap<>();
        makers.forEach(maker -> types.put(maker.get().apiKey(), maker));
        return types;
    }
}
